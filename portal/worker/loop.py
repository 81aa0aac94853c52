"""The worker's loop: one notice at a time until it is told to stop."""

import logging
import signal
from datetime import timedelta
from threading import Event as Flag

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.actions import notices
from portal.db import db
from portal.doors.world import now, world
from portal.gateways.mailer import NotSent, Send, sender
from portal.worker import letters, sealing

LOG = logging.getLogger("portal.worker")
IDLE_SECONDS = 0.5
BROKEN_SECONDS = 5.0


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send what is owed, until a signal says stop."""
    stop = Flag()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    settings = world().settings
    send = sender(settings.mail_url, settings.instance_path / "mail")
    LOG.info("worker started")
    sealer = sealing.start(current_app._get_current_object(), stop)  # type: ignore[attr-defined]
    while not stop.is_set():
        stop.wait(_turn(send))
    sealer.join()
    LOG.info("worker stopped")


def _turn(send: Send) -> float:
    """Do one thing; return how long to rest. A database that is away does not end the worker."""
    try:
        return 0.0 if deliver_one(send) else IDLE_SECONDS
    except SQLAlchemyError as failure:
        LOG.error("the database did not answer: %s", type(failure).__name__)
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
    try:
        send(letters.write(letter, settings, at=now().timestamp()))
    except NotSent as failure:
        LOG.warning("notice %s was not sent: %s", letter.notice_id, failure)
        notices.failed(letter.notice_id, now=now(), trouble=str(failure), for_good=failure.for_good)
    else:
        notices.sent(letter.notice_id, now=now())
    return True
