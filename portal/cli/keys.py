"""`flask keys`: the keys that open the database; no key is ever shown."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from portal.actions import content_keys as acting
from portal.db import db, ring
from portal.doors.asking import operator
from portal.doors.world import now, world
from portal.queries import content_keys
from portal.vault import KeyTrouble, Purpose
from portal.vault.ring import NOTICE_WITHIN_SECONDS

keys = AppGroup("keys", help="The keys that open what is sealed in the database.")


@keys.command("list")
def listed() -> None:
    """List the content keys with how many values each has sealed."""
    session = db.session()
    for kept in content_keys.wrapped(session):
        sealed = f", {content_keys.count_under(session, kept.number):,} values"
        what = sealed if kept.purpose is Purpose.SEAL else ""
        click.echo(f"{kept.number:>4}  to {kept.purpose}, wrapped by {kept.wrapping}{what}")


@keys.command("rotate")
@click.option("--wrapping", is_flag=True, help="Only wrap the content keys with the last key of the file.")
def rotate(wrapping: bool) -> None:
    """Seal every value with a new content key while the portal runs; goes on where a killed one was."""
    try:
        with _alone():
            _rewrap() if wrapping else _seal_all_anew()
    except KeyTrouble as trouble:
        raise click.ClickException(str(trouble)) from None


def _rewrap() -> None:
    held = world().wrapping
    if all(kept.wrapping == held.current for kept in content_keys.wrapped(db.session())):
        raise click.ClickException(
            f"The last key there is, {held.current}, wraps everything already. Add a new one as the last line "
            "first: `python -m portal.vault` prints it. Keep the old line until no backup needs it."
        )
    count = acting.rewrap(held, actor=operator("shell"), now=now())
    click.echo(f"{count} content keys are wrapped by {held.current} now. No value was touched.")


def _seal_all_anew() -> None:
    number = acting.begin(world().wrapping, actor=operator("shell"), now=now())
    began = time.monotonic()
    ring().check()
    done = _pass(number)
    # Other processes may have sealed with the key before until now; once they know of this one, the rest is taken.
    time.sleep(max(0.0, began + NOTICE_WITHIN_SECONDS + 1 - time.monotonic()))
    done += _pass(number)
    click.echo(f"{done:,} values are sealed with content key {number} now.")


def _pass(number: int) -> int:
    left = content_keys.count_older(db.session(), number)
    db.session.rollback()
    done = 0
    with click.progressbar(length=left, label=f"Sealing with content key {number}") as bar:
        for column in content_keys.columns():
            while count := acting.seal_anew(column, number=number):
                done += count
                bar.update(count)
    return done


@contextmanager
def _alone() -> Iterator[None]:
    """Refuse to work beside another one on this machine; the lock goes with the process, however it ends."""
    path = world().settings.instance_path / "keys.lock"
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise click.ClickException("Another rotation is running. Let it finish, or end it first.") from None
    else:
        yield
    finally:
        os.close(lock)
