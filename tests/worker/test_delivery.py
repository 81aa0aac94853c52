"""The worker, over a real mail server: what is owed arrives, what cannot is given to people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db, write
from portal.domain.lifecycle import Move
from portal.domain.notices import Audience, NoticeState
from portal.gateways.mailer import sender
from portal.models import Notice, Referral
from portal.worker.loop import deliver_one
from tests.build import NOW, move, send, spoilt, stored
from tests.cast import Cast
from tests.servers import smtp
from tests.servers.smtp import Mailbox

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
ADDRESS = "referrals@example.com"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.running() as box:
        yield box


def by_smtp(mailbox: Mailbox) -> bool:
    return deliver_one(sender(f"smtp://127.0.0.1:{mailbox.port}", Path("unused")))


def the_notice() -> Notice:
    db.session.rollback()
    return db.session.scalars(sa.select(Notice).where(Notice.audience == Audience.REFERRER)).one()


def test_what_is_owed_arrives_once(app: Flask, mailbox: Mailbox) -> None:
    receipt = send(now=LONG_AGO)
    assert by_smtp(mailbox) is True
    assert by_smtp(mailbox) is False
    (mail,) = mailbox.messages_to(ADDRESS)
    assert mail["Subject"] == f"Referral {receipt.reference}: received"
    said = mail.get_content().splitlines()
    assert f"http://127.0.0.1:8000/s/{receipt.status_key}" == said[said.index("Status and history:") + 1]
    assert the_notice().state is NoticeState.SENT


def test_a_mail_carries_nothing_of_the_patient(app: Flask, mailbox: Mailbox, cast: Cast) -> None:
    reference = send(now=LONG_AGO).reference
    dahlia = cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia, now=LONG_AGO)
    move(
        reference, Move.DECLINE, dahlia, now=LONG_AGO, code="DC01", words="Cedar Sampleton is seen elsewhere"
    )
    while by_smtp(mailbox):
        pass
    assert [mail["Subject"].split(": ")[1] for mail in mailbox.messages] == ["received", "declined"]
    raw = "".join(mail.as_string() for mail in mailbox.messages)
    for secret in ("Cedar", "Sampleton", "1985", "555", "depression", "trd", "99701", "elsewhere"):
        assert secret not in raw


def test_nothing_is_sent_within_its_sixty_seconds(app: Flask, mailbox: Mailbox) -> None:
    send(now=datetime.now(UTC))
    assert by_smtp(mailbox) is False


def test_a_refused_address_is_shown_to_staff_at_once(app: Flask, mailbox: Mailbox) -> None:
    mailbox.refused.add(ADDRESS)
    send(now=LONG_AGO)
    by_smtp(mailbox)
    notice = the_notice()
    assert notice.state is NoticeState.FAILED
    assert "550" in notice.trouble
    assert ADDRESS not in notice.trouble


def test_a_busy_server_is_tried_again(app: Flask, mailbox: Mailbox) -> None:
    mailbox.busy = True
    send(now=LONG_AGO)
    by_smtp(mailbox)
    assert (the_notice().state, the_notice().tries) == (NoticeState.WAITING, 1)
    mailbox.busy = False
    with write() as session:
        session.execute(sa.update(Notice).values(due_at=LONG_AGO))
    by_smtp(mailbox)
    assert the_notice().state is NoticeState.SENT


def test_a_server_that_is_away_is_tried_again(app: Flask) -> None:
    send(now=LONG_AGO)
    assert deliver_one(sender("smtp://127.0.0.1:9", Path("unused"))) is True
    assert the_notice().state is NoticeState.WAITING
    assert the_notice().trouble


def test_a_send_that_died_is_sent_again_under_the_same_message_id(app: Flask, tmp_path: Path) -> None:
    reference = send(now=LONG_AGO).reference
    assert deliver_one(sender("", tmp_path)) is True
    with write() as session:
        # As if the worker had died between sending and marking, and its claim had gone stale.
        session.execute(sa.update(Notice).values(state=NoticeState.WAITING, claimed_until=LONG_AGO))
        session.execute(
            sa.update(Notice).where(Notice.audience == Audience.PATIENT).values(state=NoticeState.TO_CALL)
        )
    assert deliver_one(sender("", tmp_path)) is True
    (file,) = tmp_path.iterdir()
    mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert reference in mail["Subject"]
    assert stored(reference).received_at == LONG_AGO != NOW


def test_a_referral_that_does_not_open_keeps_no_mail_waiting(app: Flask, mailbox: Mailbox) -> None:
    tampered, whole = send(now=LONG_AGO).reference, send(now=LONG_AGO).reference
    with write() as session:
        row = session.scalars(sa.select(Referral).where(Referral.reference == tampered)).one()
        row.sealed_answers = spoilt(row.sealed_answers)
    assert [by_smtp(mailbox) for _ in range(3)] == [False, True, False]
    assert [whole in mail["Subject"] for mail in mailbox.messages_to(ADDRESS)] == [True]
    db.session.rollback()
    failed = sa.select(Notice.trouble).where(Notice.state == NoticeState.FAILED)
    assert db.session.scalars(failed).one() == "What is sealed of it does not open"
