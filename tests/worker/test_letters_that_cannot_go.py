"""A mail that cannot be opened, written or kept is given up or tried again, and keeps no other waiting."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import passwords
from portal.db import db, write
from portal.domain.letters import Site
from portal.domain.notices import NoticeState
from portal.doors.world import world
from portal.gateways.mailer import sender
from portal.models import Letter
from portal.worker.loop import deliver_letter
from tests.build import spoilt
from tests.cast import Cast
from tests.servers import smtp
from tests.servers.smtp import Mailbox

SITE = Site(name="Clinic Referrals", url="http://127.0.0.1:8000")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.running() as box:
        yield box


def by_smtp(mailbox: Mailbox) -> bool:
    return deliver_letter(sender(f"smtp://127.0.0.1:{mailbox.port}", Path("unused")))


def owe(email: str = "fern@example.com", site: Site = SITE) -> None:
    passwords.send_link(email, keys=world().keys, site=site, now=datetime.now(UTC))


def letters() -> list[Letter]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def states() -> list[NoticeState]:
    return [letter.state for letter in letters()]


def test_a_letter_that_does_not_open_keeps_no_other_waiting(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    owe()
    with write() as session:
        letter = session.scalars(sa.select(Letter)).one()
        letter.sealed_words = spoilt(letter.sealed_words or b"")
    owe("dahlia@example.com")
    assert [by_smtp(mailbox) for _ in range(3)] == [False, True, False]
    assert mailbox.messages_to("dahlia@example.com")
    assert states() == [NoticeState.FAILED, NoticeState.SENT]


def test_a_letter_that_cannot_be_written_is_given_up(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    owe(site=Site(name="Clinic\nBcc: everybody@example.com", url=SITE.url))
    owe("dahlia@example.com")
    assert [by_smtp(mailbox) for _ in range(3)] == [True, True, False]
    assert [mail["To"] for mail in mailbox.messages] == ["dahlia@example.com"]
    assert states() == [NoticeState.FAILED, NoticeState.SENT]


def test_a_folder_that_takes_no_file_is_tried_again(app: Flask, cast: Cast, tmp_path: Path) -> None:
    (folder := tmp_path / "mail").write_text("a file where the folder should be")
    owe()
    assert deliver_letter(sender("", folder)) is True
    (letter,) = letters()
    assert (letter.state, letter.trouble) == (
        NoticeState.WAITING,
        "The mail folder took nothing (FileExistsError)",
    )
