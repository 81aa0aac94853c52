"""Referrals from other systems: the same names, the same rules, an answer that says everything."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actions import api_keys
from portal.db import db, write
from portal.domain.errors import Refused
from portal.models import ApiKey
from tests.api.sending import OPERATOR, body, count, new_key, post, wrong
from tests.build import NOW, SAFE, stored
from tests.cast import ANCHORAGE, FAIRBANKS


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


def post_raw(client: FlaskClient, key: str, sent: bytes) -> TestResponse:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "x"}
    return client.post("/api/v1/referrals", data=sent, content_type="application/json", headers=headers)


def test_a_referral_is_filed_and_explained(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body())
    said = answer.get_json()
    assert (answer.status_code, said["clinic"]) == (201, FAIRBANKS)
    assert said["explanation"]["place"]["precision"] == "zip"
    assert [candidate["slug"] for candidate in said["explanation"]["candidates"]][:2] == [
        FAIRBANKS,
        ANCHORAGE,
    ]
    assert stored(said["reference"]).answers["patient"]["name"] == "Cedar Sampleton"
    link = said["status_url"].removeprefix("http://127.0.0.1:8000")
    assert client.get(link).status_code == 303


def test_the_same_key_and_body_give_the_first_answer(client: FlaskClient, key: str) -> None:
    first, second = post(client, key, body()), post(client, key, body())
    assert (first.get_json(), first.status_code) == (second.get_json(), second.status_code)
    assert count() == 1


def test_the_same_key_with_another_body_is_a_conflict(client: FlaskClient, key: str) -> None:
    post(client, key, body())
    answer = post(client, key, body(reason="Something else."))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/replayed")
    assert count() == 1


def test_every_wrong_field_is_named(client: FlaskClient, key: str) -> None:
    changes: dict[str, object] = {"patient.name": "😀" * 200, "patient.phone": "907", "condition": "sad"}
    answer = post(client, key, body(**changes))
    assert answer.status_code == 422
    assert wrong(answer) == set(changes)
    assert count() == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"patient.name": 7}, {"patient.name"}),
        ({"phq9.total": 10**400, "phq9.item_9": -(10**400)}, {"phq9.total", "phq9.item_9"}),
        ({"patient.name": ["Cedar"]}, {"patient.name"}),
        ({"patient.name": {"first": "Cedar"}}, {"patient.name"}),
        ({"clinic": {}}, {"clinic"}),
        ({"patient.notes": {}}, {"patient.notes"}),
        ({"consent": "yes"}, {"consent"}),
        ({"consent": False}, {"consent"}),
        ({"safety.immediate_danger": "perhaps"}, {"safety.immediate_danger"}),
        ({"patient.name": True}, {"patient.name"}),
        ({"safety.thoughts": 1}, {"safety.thoughts"}),
        ({"trials": {}}, {"trials"}),
        ({"trials": ["Sertraline"]}, {"trials"}),
        (
            {"trials": [{"name": "Sertraline", "color": "blue", "weeks": True}]},
            {"trials.0.color", "trials.0.weeks"},
        ),
        ({"medicines": [{"name": "Sertraline"}, {"dose": "150 mg"}]}, {"medicines.1.name"}),
        ({"phq9.total": 28, "phq9.item_9": 1.5}, {"phq9.total", "phq9.item_9"}),
        ({"diagnosis.code": "F33"}, {"diagnosis.code"}),
        ({"duplicate": "merge"}, {"duplicate"}),
        (
            {"patient.name": 7, "reason": "", "safety.thoughts": "perhaps"},
            {"patient.name", "reason", "safety.thoughts"},
        ),
        ({"tier": "urgent", "clinic_id": "1"}, {"tier", "clinic_id"}),
        ({"reason": "a\ud800b"}, {"reason"}),
        ({"reason": "a\x00b"}, {"reason"}),
        ({"clinic": "no-such-clinic"}, {"clinic"}),
        ({"patient.place": "Springfield"}, {"patient.place"}),
        ({"patient.date_of_birth": "2 30 1985"}, {"patient.date_of_birth"}),
    ],
)
def test_wrong_types_and_names_are_named(
    client: FlaskClient, key: str, changes: dict[str, object], named: set[str]
) -> None:
    answer = post(client, key, body(**changes))
    assert answer.status_code == 422
    assert wrong(answer) == named
    assert count() == 0


def test_danger_now_files_nothing_and_names_the_numbers(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body(**{"safety.immediate_danger": True}))
    assert answer.status_code == 422
    assert answer.get_json()["type"] == "/problems/safety-stop"
    for number in ("911", "988", "877-266-4357"):
        assert number in answer.get_json()["detail"]
    assert count() == 0


def test_the_safety_answer_is_never_assumed(client: FlaskClient, key: str) -> None:
    sent = body()
    del sent["safety"]
    assert wrong(post(client, key, sent)) == set(SAFE)


def test_a_patient_under_18_is_not_filed(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body(**{"patient.date_of_birth": "2015-01-01"}))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/under-age")


def test_a_place_that_nobody_knows_goes_to_the_intake_queue(client: FlaskClient, key: str) -> None:
    answer = post(client, key, body(**{"patient.place": "qqqqqq zzzzzz"}))
    assert (answer.status_code, answer.get_json()["clinic"]) == (201, None)
    assert "intake" in answer.get_json()["queue"]


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 5_000, "1e999", "NaN"])
def test_a_number_without_end_hides_no_danger(client: FlaskClient, key: str, number: str) -> None:
    told = json.dumps(body(**{"safety.immediate_danger": True, "phq9.total": 0})).replace(
        '"total": 0', f'"total": {number}'
    )
    answer = post_raw(client, key, told.encode())
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/safety-stop")


@pytest.mark.parametrize(
    ("encoding", "status"), [("utf-8", 201), ("utf-8-sig", 201), ("utf-16", 400), ("utf-32-le", 400)]
)
def test_only_utf_8_is_read(client: FlaskClient, key: str, encoding: str, status: int) -> None:
    answer = post_raw(client, key, json.dumps(body()).encode(encoding))
    assert answer.status_code == status
    assert status == 201 or answer.get_json()["detail"] == "The body is not JSON in UTF-8."


def test_a_safety_answer_given_twice_is_refused(client: FlaskClient, key: str) -> None:
    twice = '{"safety": {"immediate_danger": true, "immediate_danger": false}}'
    answer = post_raw(client, key, twice.encode())
    assert (answer.status_code, "twice" in answer.get_json()["detail"]) == (400, True)


def test_one_answer_under_two_names_is_refused(client: FlaskClient, key: str) -> None:
    assert wrong(post(client, key, body() | {"patient.name": "Fern Placebo"})) == {"patient.name"}
    assert count() == 0


@pytest.mark.parametrize("sent", ["[]", '"text"', "{", "\x00", "", "[" * 10_000])
def test_what_is_no_referral_is_a_problem(client: FlaskClient, key: str, sent: str) -> None:
    answer = post_raw(client, key, sent.encode())
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_other_content_and_too_much_of_it_are_problems(client: FlaskClient, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "x"}
    assert client.post("/api/v1/referrals", data={"a": "b"}, headers=headers).status_code == 415
    large = post(client, key, body(reason="x" * 400_000))
    assert (large.status_code, large.content_type) == (413, "application/problem+json")


@pytest.mark.parametrize("once", ["", "x" * 201])
def test_a_submission_needs_a_key_of_its_own(client: FlaskClient, key: str, once: str) -> None:
    assert wrong(post(client, key, body(), once=once)) == {"Idempotency-Key"}


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic YTpi", "Bearer"])
def test_without_a_good_key_nothing_is_read(client: FlaskClient, key: str, authorization: str) -> None:
    answer = client.post("/api/v1/referrals", json=body(), headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_revoked_key_opens_nothing(client: FlaskClient, key: str) -> None:
    with write() as session:
        session.execute(sa.update(ApiKey).values(revoked_at=NOW))
    assert post(client, key, body()).status_code == 401


def test_a_key_is_stored_as_a_digest_under_a_name_of_its_own(app: Flask, key: str) -> None:
    assert db.session.scalar(sa.select(ApiKey.digest)) != key
    with pytest.raises(Refused):
        api_keys.create("Example practice system", actor=OPERATOR, now=NOW)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/v1/referrals", 405), ("GET", "/api/x", 404)]
)
def test_wrong_methods_and_paths_are_problems(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
