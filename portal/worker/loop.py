"""The worker's loop: one mail at a time until it is told to stop."""

import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from threading import Event as Flag
from typing import Protocol

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.actions import letters as member_letters
from portal.actions import notices
from portal.db import db
from portal.doors import days, logs
from portal.doors.world import now, world
from portal.gateways.mailer import NotSent, Send, sender
from portal.gateways.scanner import scanner
from portal.worker import letters, sealing
from portal.worker.scanning import Rescanner

LOG = logs.logger("worker")
IDLE_SECONDS = 0.5
BROKEN_SECONDS = 5.0


class Outbox(Protocol):
    """The actions that mark what was owed."""

    __name__: str

    def sent(self, owed_id: int, /, *, now: datetime) -> None:
        """Mark it as handed to the mail server."""

    def failed(self, owed_id: int, /, *, now: datetime, trouble: str, for_good: bool) -> None:
        """Note a failed try."""


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send what is owed, until a signal says stop."""
    stop = Flag()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    settings = world().settings
    send = sender(settings.mail_url, settings.instance_path / "mail")
    rescanner = Rescanner(scanner(settings.scanner_url))
    LOG.info("started")
    sealer = sealing.start(current_app._get_current_object(), stop)  # type: ignore[attr-defined]
    while not stop.is_set():
        stop.wait(_turn(send, rescanner))
    sealer.join()
    LOG.info("stopped")


def _turn(send: Send, rescanner: Rescanner) -> float:
    """Do one thing; return how long to rest. A database that is away does not end the worker."""
    try:
        if deliver_letter(send) or deliver_one(send):
            return 0.0
        days.take_away(now=now())
        return 0.0 if rescanner.turn() else IDLE_SECONDS
    except SQLAlchemyError as failure:
        LOG.error("the database did not answer", kind=type(failure).__name__)
        return BROKEN_SECONDS
    finally:
        db.session.remove()


def deliver_one(send: Send) -> bool:
    """Send the next notice that is due; tell whether there was one."""
    settings = world().settings
    delay = timedelta(seconds=settings.notice_delay_seconds)
    letter = notices.claim(now=now(), delay=delay, keys=world().keys)
    if letter is None:
        return False
    write = partial(letters.write, letter, settings, at=now().timestamp())
    _hand_over(send, write, notices, letter.notice_id)
    return True


def deliver_letter(send: Send) -> bool:
    """Send the next mail to a member; tell whether there was one."""
    mail = member_letters.claim(now=now())
    if mail is None:
        return False
    write = partial(letters.to_anybody, mail, world().settings, at=now().timestamp())
    _hand_over(send, write, member_letters, mail.letter_id)
    return True


def _hand_over(send: Send, write: Callable[[], EmailMessage], outbox: Outbox, owed_id: int) -> None:
    try:
        send(_written(write))
    except NotSent as failure:
        again = "for good" if failure.for_good else "will be tried again"
        # What the mail server said is kept with the mail, for staff.
        LOG.warning("not sent", owed=outbox.__name__.rpartition(".")[2], number=owed_id, reason=again)
        outbox.failed(owed_id, now=now(), trouble=str(failure), for_good=failure.for_good)
    else:
        outbox.sent(owed_id, now=now())


def _written(write: Callable[[], EmailMessage]) -> EmailMessage:
    try:
        return write()
    except ValueError:
        # A line end in a header, say: it stays as it is, and the worker goes on with the others.
        raise NotSent("The mail cannot be written", for_good=True) from None
