"""Every route and every API call, crossed with every role here, elsewhere and everywhere, and with nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actions import api_keys
from portal.db import db, write
from portal.domain.access import ONLY_TAKEN_ON, TABLE, Permission, Role
from portal.domain.lifecycle import RULES, Move
from portal.domain.orders import Actor, ActorKind
from portal.doors import entry
from portal.doors.entry import MEMBERS, Entry
from portal.models import ApiKey, Clinic, Member, MembershipRow, Notice
from tests.build import NOW, move, send, stored
from tests.cast import ANCHORAGE, FAIRBANKS, Cast
from tests.house.needs import NEEDS, Need, On, Own
from tests.papers import attached
from tests.web.desk import field_value, open_page

# What each database lets a role find is shown by the tests of the queries.
pytestmark = pytest.mark.one_database("sqlite")

HERE, ELSEWHERE, EVERYWHERE = FAIRBANKS, ANCHORAGE, None
BY_KEY = frozenset({Entry.STATUS_KEY, Entry.DRAFT_KEY, Entry.API_KEY})
ACCEPTED = (Move.CLAIM, Move.ACCEPT)
SETTLED: dict[Move, tuple[Move, ...]] = {
    Move.CLAIM: (),
    Move.ANSWER: (Move.CLAIM, Move.ASK),
    Move.ASK_TO_CANCEL: ACCEPTED,
    Move.CONFIRM_CANCEL: (*ACCEPTED, Move.ASK_TO_CANCEL),
    Move.KEEP: (*ACCEPTED, Move.ASK_TO_CANCEL),
}
"""What has to happen before a move, where it is not the claim alone."""


class Told(StrEnum):
    SIGN_IN = "sign in first"
    UNKNOWN = "no such thing"
    REFUSED = "not yours to do"
    LET_IN = "let in"


@dataclass(frozen=True)
class Ask:
    """One request, and what it needs."""

    method: str
    path: str
    entry: Entry | None
    need: Need
    before: tuple[Move, ...] | None = None
    """For a move: how its referral gets to where it can be made."""


@pytest.fixture
def people(app: Flask, cast: Cast) -> dict[tuple[Role, str | None], str]:
    """One member for each role at each place, by the name that the cast knows them by."""
    named: dict[tuple[Role, str | None], str] = {}
    with write() as session:
        clinics = {clinic.slug: clinic.id for clinic in session.scalars(sa.select(Clinic))}
        for role in Role:
            for number, place in enumerate((HERE, ELSEWHERE, EVERYWHERE)):
                name = named[role, place] = f"{role}-{number}"
                row = MembershipRow(role=role, clinic_id=clinics[place] if place else None)
                session.add(
                    Member(
                        email=f"{name}@example.com",
                        name=name,
                        fs_uniquifier=name,
                        created_at=NOW,
                        membership_rows=[row],
                    )
                )
    return named


def waiting(cast: Cast, before: tuple[Move, ...] = (Move.CLAIM,)) -> str:
    """A referral in Fairbanks that Dahlia holds, unless it is to be claimed."""
    reference = send().reference
    for verb in before:
        move(reference, verb, cast.actor("dahlia"), words="Which dose?", code="IN01")
    return reference


def asks(app: Flask, reference: str) -> Iterator[Ask]:
    """Yield one request for each route and method, and one for each move."""
    notice_id = db.session.scalar(sa.select(Notice.id).where(Notice.state == "to_call"))
    values: dict[str, Any] = {
        "slug": FAIRBANKS, "step": "patient", "draft": "none", "key": "wrong", "passkey_id": 1,
        "name": attached(reference),
        "notice_id": notice_id, "reference": reference, "move": Move.ACCEPT, "stop": "0" * 16, "number": 2,
        "verb": Move.WITHDRAW,
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        declared = entry.entry_of(app, rule.endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            verbs = RULES if rule.endpoint == "triage.make" else {Move.ACCEPT: None}
            for verb in verbs:
                name = f"{rule.endpoint} {verb}" if rule.endpoint == "triage.make" else rule.endpoint
                with app.test_request_context():
                    filled = {argument: (values | {"move": verb})[argument] for argument in rule.arguments}
                    path = url_for(rule.endpoint, **filled)
                if declared in MEMBERS:
                    assert name in NEEDS, f"decide in tests/house/needs.py who may ask for {name}"
                before = SETTLED.get(verb, (Move.CLAIM,)) if name != rule.endpoint else None
                yield Ask(method, path, declared, NEEDS.get(name), before)


def token(browser: FlaskClient) -> str:
    """The token that any form of this browser carries."""
    return field_value(open_page(browser, "/status"), "csrf_token")


class Ready:
    """Referrals that stand ready for a move; one that was moved is replaced."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.kept: dict[tuple[Move, ...], str] = {}

    def reference(self, before: tuple[Move, ...]) -> str:
        if before not in self.kept or stored(self.kept[before]).version != len(before) + 1:
            self.kept[before] = waiting(self.cast, before)
        return self.kept[before]


def ask(browser: FlaskClient, asked: Ask, secret: str, ready: Ready) -> TestResponse:
    """Make a request as a browser does, a move on a referral that stands ready for it."""
    if asked.method == "GET":
        return browser.get(asked.path)
    path, typed = asked.path, {"csrf_token": secret}
    if asked.before is not None:
        reference = ready.reference(asked.before)
        path = f"/staff/referrals/{reference}/{path.rpartition('/')[2]}"
        typed["version"] = str(stored(reference).version)
    return browser.open(path, method=asked.method, data=typed)


def told(answer: TestResponse) -> Told:
    assert answer.status_code < 500
    if answer.status_code == 302 and str(answer.location).startswith("/staff/sign-in"):
        return Told.SIGN_IN
    return {404: Told.UNKNOWN, 403: Told.REFUSED}.get(answer.status_code, Told.LET_IN)


def expected(need: Need, role: Role, place: str | None, *, taken_on: bool = False) -> Told:
    """What the table of roles says; a role elsewhere holds nothing here."""
    held = TABLE[role]
    if isinstance(need, Own):
        return Told.UNKNOWN
    if isinstance(need, On):
        if place == ELSEWHERE or (role in ONLY_TAKEN_ON and not taken_on):
            return Told.UNKNOWN
        if not held & need.known:
            return Told.UNKNOWN
        return Told.LET_IN if need.permission in held else Told.REFUSED
    return Told.LET_IN if need is None or need in held else Told.REFUSED


def ends_sessions(asked: Ask) -> bool:
    """Tell whether a request signs out, after which there is nobody left to cross with."""
    return asked.path in {"/staff/sign-out", "/staff/sessions/end"}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_enters_what_the_table_says_and_nothing_else(
    app: Flask, cast: Cast, people: dict[tuple[Role, str | None], str], role: Role
) -> None:
    reference, ready = waiting(cast), Ready(cast)
    for place in (HERE, ELSEWHERE, EVERYWHERE):
        browser = cast.browser(people[role, place])
        secret = token(browser)
        for asked in asks(app, reference):
            if asked.entry in MEMBERS and not ends_sessions(asked):
                found = told(ask(browser, asked, secret, ready))
                taken_on = Move.ACCEPT in (asked.before or ())
                assert found is expected(asked.need, role, place, taken_on=taken_on), (place, asked)


def test_no_role_opens_what_a_key_opens_or_closes_what_is_public(
    app: Flask, cast: Cast, people: dict[tuple[Role, str | None], str]
) -> None:
    reference, ready, stranger = waiting(cast), Ready(cast), app.test_client()
    browsers = [stranger, *(cast.browser(people[role, EVERYWHERE]) for role in Role)]
    secrets = [token(browser) for browser in browsers]
    for asked in asks(app, reference):
        if asked.entry in MEMBERS:
            continue
        pairs = zip(browsers, secrets, strict=True)
        answers = [ask(browser, asked, secret, ready) for browser, secret in pairs]
        if asked.entry in BY_KEY:
            assert {answer.status_code for answer in answers} < {302, 401, 404}, asked
            assert len({answer.status_code for answer in answers}) == 1, asked
        elif asked.entry is Entry.PUBLIC:
            assert {told(answer) for answer in answers} == {Told.LET_IN}, asked


def test_an_infusion_nurse_enters_once_the_patient_is_taken_on(
    app: Flask, cast: Cast, people: dict[tuple[Role, str | None], str]
) -> None:
    reference = waiting(cast)
    move(reference, Move.ACCEPT, cast.actor("dahlia"), words="We call.")
    for place in (HERE, ELSEWHERE, EVERYWHERE):
        answer = cast.browser(people[Role.INFUSION_NURSE, place]).get(f"/staff/referrals/{reference}")
        need = On(Permission.READ_REFERRALS)
        assert told(answer) is expected(need, Role.INFUSION_NURSE, place, taken_on=True)


def test_nobody_and_a_disabled_member_are_sent_to_sign_in(app: Flask, cast: Cast) -> None:
    reference = waiting(cast)
    disabled = cast.browser("dahlia")
    secret = token(disabled)
    stranger = app.test_client()
    open_page(stranger, "/status")
    with write() as session:
        session.get_one(Member, cast.member_id("dahlia")).active = False
    for asked in asks(app, reference):
        if asked.entry in MEMBERS and asked.path != "/staff/sign-out":
            for browser, own in ((disabled, secret), (stranger, token(stranger))):
                answer = browser.open(asked.path, method=asked.method, data={"csrf_token": own})
                assert told(answer) is Told.SIGN_IN, asked
    assert stored(reference).version == 2


def test_a_role_taken_a_moment_ago_opens_nothing_more(app: Flask, cast: Cast) -> None:
    reference, birch = waiting(cast), cast.browser("birch")
    secret = token(birch)
    assert birch.get(f"/staff/referrals/{reference}").status_code == 200
    with write() as session:
        session.execute(sa.delete(MembershipRow).where(MembershipRow.member_id == cast.member_id("birch")))
    for asked in asks(app, reference):
        if asked.entry in MEMBERS and isinstance(asked.need, On | Permission):
            answer = birch.open(asked.path, method=asked.method, data={"csrf_token": secret, "version": "2"})
            assert told(answer) in {Told.UNKNOWN, Told.REFUSED}, asked
            assert (told(answer) is Told.UNKNOWN) == isinstance(asked.need, On), asked
    assert stored(reference).version == 2


def test_an_api_call_needs_a_key_that_is_in_use_whoever_is_signed_in(app: Flask, cast: Cast) -> None:
    operator = Actor(ActorKind.SYSTEM, "shell")
    good, revoked = (api_keys.create(name, actor=operator, now=NOW) for name in ("Good", "Revoked"))
    api_keys.revoke("Revoked", actor=operator, now=NOW)
    reference = waiting(cast)
    calls = [asked for asked in asks(app, reference) if asked.entry is Entry.API_KEY]
    assert calls
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ApiKey)) == 2
    for browser in (app.test_client(), cast.browser("birch")):
        for key, status in (("", 401), ("wrong", 401), (revoked, 401), (good, 0)):
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "first"}
            for asked in calls:
                answer = browser.open(asked.path, method=asked.method, json={}, headers=headers)
                # A key that is good has still not sent the referral of somebody else.
                let_in = 404 if reference in asked.path else 422
                assert answer.status_code == (status or let_in), (asked, key)


def test_every_decision_is_about_a_route_that_is_there(app: Flask) -> None:
    members = {
        rule.endpoint for rule in app.url_map.iter_rules() if entry.entry_of(app, rule.endpoint) in MEMBERS
    }
    assert {name.partition(" ")[0] for name in NEEDS} == members
