"""A log line says which route answered how, and never what was typed, looked for, opened or sent."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions import api_keys
from portal.domain.orders import Actor, ActorKind
from tests.build import NOW, TYPED, send
from tests.cast import Cast
from tests.servers.log import Log, kept
from tests.web import practice

NAME, PLACE, WORDS = "Cedar Sampleton", "4711 Sampleton Avenue, Fairbanks 99701", "heard the marmalade sing"
EMAIL, PASSWORD, BORN, PHONE = "marked@example.com", "correct marked battery", "3 27 1985", "907-555-0142"
MARKED = (
    NAME,
    "4711",
    "Sampleton",
    "99701",
    "64.8378",
    WORDS,
    "marmalade",
    EMAIL,
    PASSWORD,
    BORN,
    "1985",
    PHONE,
    "0142",
)
DOOR = "/staff/sign-in"
MARKED_NAMES = {"name": NAME, "phone": PHONE, "date_of_birth": BORN}


@pytest.fixture
def log() -> Iterator[Log]:
    with kept() as found:
        yield found


def secrets_in(log: Log, *more: str) -> list[str]:
    """Return what was planted and is told; numbers of a request and its time are chance, and may hold any digits."""
    chance = {"at", "request_id", "milliseconds"}
    told = [{name: value for name, value in line.items() if name not in chance} for line in log.lines()]
    return [mark for mark in (*MARKED, *more) if mark in str(told)]


def test_one_line_tells_the_route_of_a_request_and_how_it_was_answered(client: FlaskClient, log: Log) -> None:
    client.get("/clinics", query_string={"near": PLACE})
    client.get("/s/" + "k" * 32)
    client.get("/d/" + "k" * 32)
    search, key, form = log.lines(event="answered")
    assert (search["method"], search["route"], search["status"]) == ("GET", "/clinics", 302)
    assert (key["route"], key["status"]) == ("/s/<key>", 404)
    assert (form["route"], form["status"]) == ("/d/<key>", 404)
    assert "kkkk" not in str(log.lines())
    assert search["request_id"] != key["request_id"]
    assert search["milliseconds"] > 0


def test_every_route_can_be_told(app: Flask, client: FlaskClient, log: Log) -> None:
    from portal.doors.scrubbing import facts

    for rule in app.url_map.iter_rules():
        assert facts({"route": str(rule)}) == {"route": str(rule)}


def test_searches_are_not_told(client: FlaskClient, log: Log) -> None:
    client.get("/clinics", query_string={"near": PLACE})
    client.get("/api/v1/clinics", query_string={"lat": "64.8378", "lon": "-147.7164"})
    client.get(f"/clinics/{PLACE}")
    client.get("/api/v1/clinics", query_string={"near": WORDS, "page": PHONE})
    assert len(log.lines(event="answered")) == 4
    assert secrets_in(log) == []


def test_a_referral_is_not_told_by_whatever_way_it_comes(app: Flask, client: FlaskClient, log: Log) -> None:
    reference = practice.refer(client, name=NAME, date_of_birth=BORN, phone=PHONE)
    draft = practice.begin(client)
    practice.fill_step(client, draft, "patient", name=NAME, date_of_birth=WORDS, phone=PASSWORD, place=PLACE)
    practice.fill_step(client, draft, "reason", reason=WORDS)
    client.post(f"{draft}/patient", data={"patient.name": NAME, "csrf_token": WORDS})
    key = api_keys.create("system", actor=Actor(ActorKind.SYSTEM, "shell"), now=NOW)
    for token in (key, "wrong-" + key):
        for body in ({"patient": MARKED_NAMES}, {NAME: WORDS}, TYPED):
            client.post("/api/v1/referrals", json=body, headers={"Authorization": f"Bearer {token}"})
    client.post("/api/v1/referrals", data=f'{{"{NAME}', headers={"Authorization": f"Bearer {key}"})
    assert {400, 401, 422} <= {line["status"] for line in log.lines(event="answered")}
    assert secrets_in(log, reference, draft.rpartition("/")[2], key) == []


def test_keys_sessions_and_references_are_not_told(client: FlaskClient, cast: Cast, log: Log) -> None:
    receipt = send()
    client.get(f"/s/{receipt.status_key}")
    client.get(f"/s/{receipt.status_key[::-1]}")
    client.post("/status", data={"key": receipt.status_key, "reference": receipt.reference})
    nurse = cast.browser("dahlia")
    nurse.get(f"/staff/referrals/{receipt.reference}")
    nurse.post(f"/staff/referrals/{receipt.reference}/claim", data={"csrf_token": WORDS, "note": NAME})
    cast.browser("fern").get(f"/staff/referrals/{receipt.reference}")
    session = str(nurse.get_cookie("session"))
    assert secrets_in(log, receipt.status_key, receipt.status_key[::-1], receipt.reference, session) == []


def test_failed_sign_ins_are_told_once_and_not_what_was_typed(
    client: FlaskClient, cast: Cast, log: Log
) -> None:
    typed = {"email": EMAIL, "password": PASSWORD}
    practice.fill(client, DOOR, typed, action=DOOR)
    practice.fill(client, f"{DOOR}?next=/{PHONE}", typed | {"email": "dahlia@example.com"}, action=DOOR)
    client.post(DOOR, data=typed)
    stranger, member = log.lines(event="sign-in failed", how="password")
    assert (stranger["member_id"], member["member_id"]) == (None, cast.member_id("dahlia"))
    assert len(log.lines(event="refused", reason="a form token that does not fit")) == 1
    assert secrets_in(log, "dahlia") == []


def test_refused_access_is_told_once_with_who_it_was(cast: Cast, log: Log) -> None:
    """To a member of another clinic a referral is not there; the log says that they asked, and not for which."""
    reference = send().reference
    cast.browser("fern").get(f"/staff/referrals/{reference}")
    (line,) = log.lines(logger="portal.security")
    assert (line["event"], line["status"], line["member_id"]) == ("refused", 404, cast.member_id("fern"))
    assert secrets_in(log, reference) == []


def test_headers_and_methods_are_not_told(client: FlaskClient, log: Log) -> None:
    client.get(
        "/", headers={"X-Request-ID": WORDS, "User-Agent": NAME, "Referer": f"/{PHONE}", "Cookie": WORDS}
    )
    client.open("/", method="MARMALADE")
    client.get("/", headers={"Host": "sampleton.example"})
    assert secrets_in(log, "MARMALADE", "sampleton") == []
