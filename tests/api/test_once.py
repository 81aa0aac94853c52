"""However often and at whatever moment a key comes, it is one referral with one answer; what was sent before is added to."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.lifecycle import Move
from portal.domain.orders import Actor, ActorKind
from portal.models import Event, SafetyEvent
from portal.queries import referrals
from tests.api.sending import body, count, new_key, post
from tests.build import move, stored
from tests.cast import ANCHORAGE, Cast

ADD = body(reason="Worse since Monday.", duplicate="add")


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


def test_a_replay_is_answered_as_the_first_time_whatever_happened_since(
    client: FlaskClient, key: str, cast: Cast
) -> None:
    first = post(client, key, body())
    reference = first.get_json()["reference"]
    dahlia = cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    move(reference, Move.TRANSFER, dahlia, clinic=ANCHORAGE, code="RD01", words="Nearer.")
    post(client, key, body(**{"history.rapid_decline": True}, duplicate="add"), once="second")
    assert stored(reference).tier == "urgent"
    again = post(client, key, body())
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_what_was_sent_before_is_told_to_its_sender_only(client: FlaskClient, key: str) -> None:
    first = post(client, key, body()).get_json()
    told = post(client, key, body(reason="Worse since Monday."), once="second")
    assert (told.status_code, told.get_json()["type"], told.get_json()["of"]) == (
        409,
        "/problems/duplicate",
        first["reference"],
    )
    other = post(client, new_key("Another practice system"), body())
    assert other.status_code == 201
    assert other.get_json().keys() == first.keys()
    assert first["reference"] not in other.text


def test_after_a_conflict_the_same_key_adds_once(client: FlaskClient, key: str) -> None:
    reference = post(client, key, body()).get_json()["reference"]
    assert post(client, key, ADD | {"duplicate": None}, once="second").status_code == 409
    events = count(Event)
    added, again = (post(client, key, ADD, once="second") for _ in range(2))
    assert (added.status_code, added.get_json()["reference"]) == (200, reference)
    assert (again.status_code, again.get_json()) == (200, added.get_json())
    assert (count(), count(Event)) == (1, events + 1)
    assert stored(reference).answers["reason"] == "Worse since Monday."


def test_after_a_conflict_the_same_key_files_another(client: FlaskClient, key: str) -> None:
    reference = post(client, key, body()).get_json()["reference"]
    sent = body(reason="Another question.", duplicate="separate")
    answers = [post(client, key, sent, once="second") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({reference, *(answer.get_json()["reference"] for answer in answers)}) == 2
    assert count() == 2


def test_an_addition_is_not_made_again_after_the_referral_is_closed(client: FlaskClient, key: str) -> None:
    reference = post(client, key, body()).get_json()["reference"]
    first = post(client, key, ADD, once="second")
    close(reference)
    again = post(client, key, ADD, once="second")
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert count() == 1


def test_a_key_that_added_comes_with_other_answers_in_vain(client: FlaskClient, key: str) -> None:
    post(client, key, body())
    post(client, key, ADD, once="second")
    answer = post(client, key, body(reason="Something else.", duplicate="add"), once="second")
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/replayed")


def test_a_key_that_has_its_answer_is_not_read_again(client: FlaskClient, key: str) -> None:
    post(client, key, body())
    # What an attestation of yesterday was filed on is too old today, and an alarm would be a false one.
    answer = post(client, key, body(reason=""))
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/replayed")


def test_a_danger_stops_also_under_a_key_that_has_its_answer(client: FlaskClient, key: str) -> None:
    first = post(client, key, body())
    answer = post(client, key, body(**{"safety.immediate_danger": True}))
    assert (answer.status_code, answer.get_json()["type"]) == (422, "/problems/safety-stop")
    assert "Call 911" in answer.get_json()["detail"]
    assert "Nothing was filed" not in answer.get_json()["detail"]
    assert "What this Idempotency-Key sent before stays as it was" in answer.get_json()["detail"]
    db.session.rollback()
    assert len(db.session.scalars(sa.select(SafetyEvent)).all()) == 1
    assert post(client, key, body()).get_json() == first.get_json()


def test_a_closed_referral_is_no_duplicate(client: FlaskClient, key: str) -> None:
    close(post(client, key, body()).get_json()["reference"])
    assert post(client, key, body(), once="second").status_code == 201
    assert count() == 2


@pytest.mark.parametrize("sent", [body(), ADD])
def test_sent_several_times_at_once_a_key_makes_one(
    app: Flask, client: FlaskClient, key: str, sent: object
) -> None:
    if sent is ADD:
        post(client, key, body(), once="before")
    before = count(Event)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: post(app.test_client(), key, sent), range(8)))
    assert {answer.status_code for answer in answers} == {200 if sent is ADD else 201}
    assert len({answer.text for answer in answers}) == 1
    assert (count(), count(Event)) == (1, before + 1)


def close(reference: str) -> None:
    key_id = referrals.latest_status_key(db.session(), stored(reference).id).id
    move(reference, Move.WITHDRAW, Actor(ActorKind.REFERRER, key_id), words="Seen elsewhere.")
