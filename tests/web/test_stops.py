"""A stopped form alarms those on duty at once, by a mail without a patient, and waits until somebody writes what was done."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import vault
from portal.actions import drafts, safety_stops
from portal.db import db, write
from portal.domain import safety
from portal.domain.audit import Act
from portal.domain.drafts import DraftKey
from portal.domain.errors import NotFound, Refused
from portal.domain.safety import Said
from portal.domain.stops import Stop
from portal.gateways.mailer import sender
from portal.ledger.stops import ALARM_AGAIN_AFTER
from portal.models import Letter, Member, SafetyEvent
from portal.queries.safety_stops import MOST
from portal.worker.loop import deliver_letter
from tests import trail
from tests.build import ALARM, NOW, SAFE, SITE, TYPED, send, stored
from tests.cast import ANCHORAGE, FAIRBANKS, Cast
from tests.html import words
from tests.servers import smtp
from tests.servers.smtp import Mailbox
from tests.web.desk import open_page, press
from tests.web.practice import begin, fill, fill_all, fill_step

DONE = "Reached the patient at 2 pm. Safe with Birch Testerly."
LATER = timedelta(minutes=5)
NAMED = ("Cedar", "Sampleton", "907-555-0142", "9075550142", "Mockingham", "99701")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.running() as box:
        yield box


def stop(
    clinic: str | None = FAIRBANKS,
    *,
    rules: str = "E1",
    typed: dict[str, str] = TYPED,
    key: str = "k",
    referral_id: int | None = None,
) -> str:
    """Stop a form, and return the name of what is kept of it."""
    stopped = Stop(
        rules=rules.split(), digest=key, typed=typed, clinic=clinic, site=SITE, referral_id=referral_id
    )
    safety_stops.stop(stopped, now=NOW)
    db.session.rollback()
    return db.session.scalars(sa.select(SafetyEvent.name).where(SafetyEvent.submission_digest == key)).one()


def stops() -> Sequence[SafetyEvent]:
    db.session.rollback()
    return db.session.scalars(sa.select(SafetyEvent).order_by(SafetyEvent.id)).all()


def alarmed() -> set[str]:
    db.session.rollback()
    asked = sa.select(Member.email).join(Letter, Letter.member_id == Member.id)
    return {email.partition("@")[0] for email in db.session.scalars(asked)}


def deliver(mailbox: Mailbox) -> None:
    send = sender(f"smtp://127.0.0.1:{mailbox.port}", Path("unused"))
    for _ in range(20):
        if not deliver_letter(send):
            return


def test_the_mail_goes_at_once_and_holds_nothing_of_a_patient(
    client: FlaskClient, cast: Cast, mailbox: Mailbox
) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/safety", {safety.DANGER: "yes"}, action=f"{draft}/safety")
    deliver(mailbox)
    (mail,) = mailbox.messages_to("dahlia@example.com")
    assert mailbox.messages_to("birch@example.com")
    assert "/staff/stops" in mail.get_content()
    whole = mail.as_string() + str(mail["Subject"])
    assert [part for part in NAMED if part in whole] == []


def test_the_clinic_is_the_chosen_one_or_the_nearest_to_the_place(client: FlaskClient, cast: Cast) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill(client, f"{draft}/safety", {safety.DANGER: "yes"}, action=f"{draft}/safety")
    assert "dahlia" in alarmed()
    assert "fern" not in alarmed(), "she works in Anchorage, and the patient is in Fairbanks"
    chosen = begin(client, path=f"/refer?clinic={ANCHORAGE}")
    fill_step(client, chosen, "patient")
    fill(client, f"{chosen}/safety", {safety.DANGER: "yes"}, action=f"{chosen}/safety")
    assert "fern" in alarmed()


def test_before_anybody_is_named_nobody_is_mailed_and_later_they_are(client: FlaskClient, cast: Cast) -> None:
    draft = begin(client, danger="yes")
    assert alarmed() == set()
    fill(
        client, f"{draft}/safety", {safety.DANGER: "no", "safety.reason": "A slip"}, action=f"{draft}/safety"
    )
    fill_step(client, draft, "patient")
    fill(client, f"{draft}/safety", {safety.DANGER: "yes"}, action=f"{draft}/safety")
    assert alarmed() >= {"dahlia", "birch"}
    who = [event.who for event in db.session.scalars(sa.select(SafetyEvent).order_by(SafetyEvent.id))]
    assert who[0] is None
    assert who[1] is not None
    assert who[1]["patient.phone"] == "907-555-0142"


def test_each_danger_told_anew_is_one_event_and_the_same_one_is_not(app: Flask) -> None:
    plan = Said(at=NOW, answers={safety.PLAN: "yes"})
    started = drafts.start(plan, typed={}, keep_for=timedelta(days=30), alarm=ALARM)
    key = DraftKey(name=started.name, digest=vault.digest(started.key))
    for answers, events in (
        ({safety.PLAN: "yes"}, 1),
        ({safety.INTENT: "yes"}, 2),
        ({safety.DANGER: "yes"}, 3),
    ):
        drafts.say(key, said=Said(at=NOW, answers=answers), keep_for=timedelta(days=30), alarm=ALARM)
        db.session.rollback()
        assert db.session.scalars(sa.select(sa.func.count()).select_from(SafetyEvent)).one() == events


def test_the_same_danger_told_again_and_again_alarms_once_a_while(app: Flask, cast: Cast) -> None:
    typed = TYPED | {"clinic": FAIRBANKS}
    started = drafts.start(Said(at=NOW, answers=SAFE), typed=typed, keep_for=LATER, alarm=ALARM)
    key = DraftKey(name=started.name, digest=vault.digest(started.key))

    def tell(danger: str, after: timedelta) -> tuple[int, int]:
        """Tell a danger, take it back, and return how many stops and mails there are."""
        for answer in ("yes", "no"):
            said = Said(at=NOW + after, answers={danger: answer}, reason="A slip")
            drafts.say(key, said=said, keep_for=LATER, alarm=ALARM)
        db.session.rollback()
        to_dahlia = sa.select(Letter).where(Letter.member_id == cast.member_id("dahlia"))
        return len(stops()), len(db.session.scalars(to_dahlia).all())

    assert [tell(safety.DANGER, timedelta(minutes=minute)) for minute in range(3)] == [(1, 1), (2, 1), (3, 1)]
    assert tell(safety.PLAN, LATER) == (4, 2), "another danger is news"
    assert tell(safety.DANGER, LATER * 2) == (5, 2)
    for event in stops():
        safety_stops.close(event.name, DONE, actor=cast.actor("dahlia"), now=NOW)
    assert tell(safety.DANGER, LATER * 2) == (6, 3), "what was seen to is over"
    assert tell(safety.DANGER, LATER * 2 + ALARM_AGAIN_AFTER) == (7, 4)


@pytest.mark.parametrize(
    ("name", "sees"), [("dahlia", True), ("birch", True), ("fern", False), ("aster", None), ("hazel", None)]
)
def test_those_on_duty_see_who_and_whom_to_call(app: Flask, cast: Cast, name: str, sees: bool | None) -> None:
    event = stop(rules="E1 E5")
    answer = cast.browser(name).get("/staff/stops")
    assert answer.status_code == (403 if sees is None else 200)
    assert cast.browser(name).get(f"/staff/stops/{event}").status_code == (200 if sees else 404)
    if sees:
        said = words(open_page(cast.browser(name), "/staff/stops").find(".//main"))
        for part in (
            "1 open",
            "Cedar Sampleton",
            "907-555-0142",
            "High suicide risk by the screener. Medical emergency",
        ):
            assert part in said
    elif sees is False:
        assert "Cedar" not in answer.text


def test_a_stop_at_a_clinic_where_nobody_hears_is_everybodys(app: Flask, cast: Cast) -> None:
    event = stop(None)
    assert cast.browser("birch").get(f"/staff/stops/{event}").status_code == 200
    with write() as session:
        session.scalars(sa.select(Member).where(Member.email == "birch@example.com")).one().active = False
    assert cast.browser("fern").get(f"/staff/stops/{event}").status_code == 200
    assert cast.browser("dahlia").get(f"/staff/stops/{event}").status_code == 200


def test_open_stops_are_counted_on_every_page_and_told_on_the_queue(app: Flask, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    assert "Safety stops (" not in words(open_page(dahlia, "/staff/queue"))
    stop()
    page = words(open_page(dahlia, "/staff/queue"))
    assert "Safety stops (1)" in page
    assert "1 safety stop waits for you." in page
    assert "Safety stops (1)" in words(open_page(dahlia, "/staff/find"))
    fern = words(open_page(cast.browser("fern"), "/staff/queue"))
    assert "Safety stops (" not in fern


def test_what_was_done_closes_it_is_kept_sealed_and_written_down(app: Flask, cast: Cast) -> None:
    event, dahlia = stop(), cast.browser("dahlia")
    path = f"/staff/stops/{event}"
    assert press(dahlia, path, path, words=" ").status_code == 422
    assert press(dahlia, path, path, words=DONE).status_code == 303
    db.session.rollback()
    kept = db.session.scalars(sa.select(SafetyEvent).where(SafetyEvent.name == event)).one()
    assert (kept.words, kept.handled_by_id) == (DONE, cast.member_id("dahlia"))
    assert DONE.encode() not in (kept.sealed_words or b"")
    closed = [entry for entry in trail.entries() if entry.act == Act.STOP_CLOSED]
    assert [(entry.actor, entry.facts) for entry in closed] == [(str(cast.actor("dahlia")), {"stop": event})]
    said = words(open_page(dahlia, "/staff/stops"))
    assert "0 open" in said
    assert "Dahlia Testerly, RN" in said
    assert DONE in words(open_page(dahlia, path))


def test_it_is_closed_once_and_only_by_who_hears_of_it(app: Flask, cast: Cast) -> None:
    event = stop()
    with pytest.raises(NotFound):
        safety_stops.close(event, DONE, actor=cast.actor("fern"), now=NOW)
    safety_stops.close(event, DONE, actor=cast.actor("dahlia"), now=NOW)
    with pytest.raises(Refused):
        safety_stops.close(event, "Something else.", actor=cast.actor("birch"), now=NOW)


def test_titles_addresses_and_the_trail_name_no_patient(app: Flask, cast: Cast) -> None:
    event, dahlia = stop(), cast.browser("dahlia")
    for path in ("/staff/stops", f"/staff/stops/{event}"):
        tree = open_page(dahlia, path)
        assert words(tree.find(".//title")).startswith("Safety stop")
        assert not [link.get("href") for link in tree.iter("a") if "Sampleton" in link.get("href")]
        last = trail.entries()[-1]
        assert (last.act, last.facts["page"]) == (
            Act.LISTED,
            path.split("/")[2] if event not in path else "stop",
        )
        assert "Cedar" not in str(last.facts)


def listed(page: Any) -> list[str]:
    """Return the names of the stops on the page, in its order."""
    hrefs = (str(link.get("href")) for link in page.find(".//main").iter("a"))
    return [href.rpartition("/")[2] for href in hrefs if href.startswith("/staff/stops/")]


def add_nameless(count: int) -> None:
    """Add stops of strangers who named nobody, all of them later than the others."""
    with write() as session:
        for number in range(count):
            name = f"{number:016}"
            session.add(SafetyEvent(name=name, at=NOW + LATER, rules="E2", submission_digest=name))


def test_open_ones_stand_first_the_latest_on_top(app: Flask, cast: Cast) -> None:
    first, second, third = (stop(key=key, typed=TYPED | {"patient.name": f"{key} Placebo"}) for key in ("One", "Two", "Three"))  # fmt: skip
    safety_stops.close(third, DONE, actor=cast.actor("dahlia"), now=NOW)
    assert listed(open_page(cast.browser("dahlia"), "/staff/stops")) == [second, first, third]


def test_stops_of_nobody_never_push_out_those_that_can_be_called(app: Flask, cast: Cast) -> None:
    named = stop(None)
    amending = stop(None, key="of a referral", typed={}, referral_id=stored(send().reference).id)
    add_nameless(MOST + 35)
    page = open_page(cast.browser("birch"), "/staff/stops")
    assert listed(page)[:2] == [amending, named]
    assert len(listed(page)) == MOST
    said = words(page)
    assert "Safety stops 237 open" in said
    assert "Safety stops (237)" in said
    assert "200 of 237 open stops are shown" in said


def test_an_old_stop_opens_though_the_list_is_full(app: Flask, cast: Cast) -> None:
    old = stop()
    safety_stops.close(old, DONE, actor=cast.actor("dahlia"), now=NOW)
    with write() as session:
        clinic_id = session.scalars(sa.select(SafetyEvent.clinic_id)).one()
        for number in range(MOST):
            name = f"{number:016}"
            newer = {"at": NOW, "rules": "E1", "submission_digest": name, "clinic_id": clinic_id}
            session.add(SafetyEvent(name=name, **newer))
    path, dahlia = f"/staff/stops/{old}", cast.browser("dahlia")
    assert old not in dahlia.get("/staff/stops").text
    assert DONE in words(open_page(dahlia, path))
    assert cast.browser("fern").get(path).status_code == 404
