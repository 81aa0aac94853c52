"""The worker's second thread: seals the trail every second, also while a mail server keeps the first one waiting."""

import time
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.actions import seals
from portal.db import db
from portal.domain.audit import Head
from portal.doors import logs
from portal.doors.world import now, world
from portal.gateways import heads
from portal.queries import chain

LOG = logs.logger("audit")
PAUSE_SECONDS = 1.0
BROKEN_SECONDS = 5.0
SAID_EVERY_SECONDS = 60.0


class Sealer:
    """Seals what is new, and keeps the head of the chain outside the database."""

    def __init__(self, path: Path) -> None:
        """Read where the file of heads stands."""
        self._path = path
        self._kept = max((head.number for head in heads.read(path)), default=0)
        self._said_at = float("-inf")
        self._looked_everywhere = False

    def turn(self) -> int:
        """Seal a batch; return how many entries it was."""
        everywhere = not self._looked_everywhere
        before = chain.find_head(db.session())
        head = before
        if chain.has_unsealed(db.session(), everywhere=everywhere):
            head = seals.seal(now=now(), everywhere=everywhere)
        if head is None:
            return 0
        self._keep(head)
        count = head.number - (before.number if before else 0)
        self._looked_everywhere = self._looked_everywhere or count < seals.BATCH
        return count

    def _keep(self, head: Head) -> None:
        if head.number != self._kept:
            heads.append(self._path, head)
            self._kept = head.number
        if time.monotonic() - self._said_at >= SAID_EVERY_SECONDS:
            LOG.info("audit head", number=head.number, digest=head.digest.hex())
            self._said_at = time.monotonic()


def start(app: Flask, stop: Flag) -> Thread:
    """Seal in a thread of its own until it is told to stop."""
    thread = Thread(target=_run, args=(app, stop), name="sealing", daemon=True)
    thread.start()
    return thread


def _run(app: Flask, stop: Flag) -> None:
    try:
        with app.app_context():
            sealer = Sealer(world().settings.audit_head_path)
            while not stop.wait(turn(sealer)):
                pass
    except Exception as failure:  # whatever it is, its text may hold what nobody should read
        LOG.error("the trail cannot be sealed", kind=type(failure).__name__)
    finally:
        # A worker that cannot seal ends as a whole, and is started again.
        stop.set()


def turn(sealer: Sealer) -> float:
    """Seal once; return how long to rest. A database or a disk that is away does not end it."""
    try:
        return 0.0 if sealer.turn() >= seals.BATCH else PAUSE_SECONDS
    except (SQLAlchemyError, OSError) as failure:
        LOG.error("the trail was not sealed", kind=type(failure).__name__)
        return BROKEN_SECONDS
    finally:
        db.session.remove()
