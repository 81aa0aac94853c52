"""Letters to somebody without an account: sealed with their address, gone when they went, told to staff when they did not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db, write
from portal.domain.letters import Words
from portal.domain.notices import NoticeState
from portal.gateways.mailer import sender
from portal.ledger import letters
from portal.models import Letter
from portal.worker.loop import deliver_letter
from tests.cast import Cast
from tests.html import words
from tests.servers import smtp
from tests.servers.smtp import Mailbox
from tests.web.desk import open_page

TO = "aster@example.com"
OUTBOX = "/staff/outbox"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp.running() as box:
        yield box


def deliver(mailbox: Mailbox) -> Letter:
    with write() as session:
        letters.owe_to(session, TO, Words(subject="A new link", body="Here.\n"), now=datetime.now(UTC))
    sealed = db.session.scalars(sa.select(Letter.sealed_address)).one()
    assert sealed is not None
    assert b"aster" not in sealed
    assert deliver_letter(sender(f"smtp://127.0.0.1:{mailbox.port}", Path("unused")))
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Letter)).one()


def test_it_goes_to_the_address_which_is_forgotten_then(app: Flask, mailbox: Mailbox) -> None:
    letter = deliver(mailbox)
    (mail,) = mailbox.messages_to(TO)
    assert (mail["Subject"], mail.get_content().splitlines()[0]) == ("A new link", "Here.")
    assert (letter.state, letter.sealed_address, letter.sealed_words) == (NoticeState.SENT, None, None)


def test_one_that_was_given_up_is_told_to_the_network_and_to_no_clinic(
    app: Flask, cast: Cast, mailbox: Mailbox
) -> None:
    mailbox.refused.add(TO)
    letter = deliver(mailbox)
    assert (letter.state, letter.address, letter.sealed_words) == (NoticeState.FAILED, TO, None)
    assert "aster" not in letter.trouble
    said = words(open_page(cast.browser("ember"), OUTBOX))
    assert "These addresses were not reached." in said
    assert f"{TO}, " in said
    assert TO not in words(open_page(cast.browser("dahlia"), OUTBOX))
