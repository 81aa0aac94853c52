"""Letters to members, over a real mail server: they go at once and once, and nothing that opens anything stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal.actions import letters, passwords
from portal.db import db, write
from portal.domain.letters import Site
from portal.domain.notices import NoticeState
from portal.doors.world import world
from portal.gateways.mailer import sender
from portal.models import Letter
from portal.worker.loop import deliver_letter
from tests.cast import Cast
from tests.servers import smtp
from tests.servers.smtp import Mailbox

SITE = Site(name="Clinic Referrals", url="http://127.0.0.1:8000")
NOW = datetime.now(UTC)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.running() as box:
        yield box


def by_smtp(mailbox: Mailbox) -> bool:
    return deliver_letter(sender(f"smtp://127.0.0.1:{mailbox.port}", Path("unused")))


def owe(email: str = "fern@example.com") -> None:
    passwords.send_link(email, keys=world().keys, site=SITE, now=NOW)


def the_letter() -> Letter:
    db.session.rollback()
    return db.session.scalars(sa.select(Letter)).one()


def test_a_letter_goes_at_once_and_once(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    owe()
    assert by_smtp(mailbox) is True
    assert by_smtp(mailbox) is False
    (mail,) = mailbox.messages_to("fern@example.com")
    assert mail["Subject"] == "A new password for Clinic Referrals"
    assert "http://127.0.0.1:8000/staff/new-password/" in mail.get_content()


def test_the_link_is_sealed_while_it_waits_and_gone_when_it_went(
    app: Flask, cast: Cast, mailbox: Mailbox
) -> None:
    owe()
    sealed = the_letter().sealed_words
    assert sealed is not None
    assert b"new-password" not in sealed
    by_smtp(mailbox)
    assert (the_letter().state, the_letter().sealed_words) == (NoticeState.SENT, None)


def test_a_busy_server_gets_the_same_letter_again(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    owe()
    mailbox.busy = True
    by_smtp(mailbox)
    assert (the_letter().state, the_letter().words is None) == (NoticeState.WAITING, False)
    assert by_smtp(mailbox) is False
    mailbox.busy = False
    with write() as session:
        session.execute(sa.update(Letter).values(due_at=NOW))
    by_smtp(mailbox)
    assert the_letter().state is NoticeState.SENT


def test_a_refused_address_is_given_up_with_its_words(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    owe()
    mailbox.refused.add("fern@example.com")
    by_smtp(mailbox)
    letter = the_letter()
    assert (letter.state, letter.sealed_words) == (NoticeState.FAILED, None)
    assert "fern" not in letter.trouble


def test_what_one_worker_claimed_no_other_takes_until_the_claim_is_stale(app: Flask, cast: Cast) -> None:
    owe()
    assert letters.claim(now=NOW) is not None
    assert letters.claim(now=NOW + timedelta(seconds=90)) is None
    again = letters.claim(now=NOW + timedelta(seconds=121))
    assert again is not None
    assert again.name == the_letter().name


def test_asking_for_nobodys_password_writes_as_much_and_sends_nothing(
    app: Flask, cast: Cast, mailbox: Mailbox
) -> None:
    statements: dict[str, list[str]] = {}
    for email in ("fern@example.com", "nobody@example.com"):
        seen = statements.setdefault(email, [])
        listen = partial(note, seen)
        event.listen(db.engine, "before_cursor_execute", listen)
        owe(email)
        event.remove(db.engine, "before_cursor_execute", listen)
    assert statements["fern@example.com"] == statements["nobody@example.com"]
    assert by_smtp(mailbox) is True
    assert by_smtp(mailbox) is False
    assert [mail["To"] for mail in mailbox.messages] == ["fern@example.com"]


def note(seen: list[str], _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    seen.append(statement)
