"""A SQLite database made beside another, in the same folder, and renamed over it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from portal.gateways.backup_file import sync_folder

LOGS = ("-wal", "-shm", "-journal")


class InUse(Exception):
    """The database is open elsewhere, or another one is being made beside it; the message says which."""


class File:
    """The new database file."""

    def __init__(self, path: Path, kept: Path) -> None:
        """Take the path of the database in use, and the one where it will stand afterwards."""
        self._path, self._kept = path, kept
        self._new = path.with_name(f".{path.name}.restoring")
        self.engine = sa.create_engine(f"sqlite:///{self._new}", poolclass=sa.NullPool)

    def make(self) -> None:
        """Make an empty file that nobody else may read."""
        self.remove()
        os.close(os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def swap(self) -> str:
        """Rename it over the database in use; raise InUse while somebody has that open."""
        gather(self._new)
        gather(self._path)
        there = self._path.exists()
        if there:
            # A second name for the same file: at every moment the path names the old database or the new one.
            os.link(self._path, self._kept)
        for log in LOGS:
            # Only a database that cannot be read has one still; the new one must not take it for its own.
            with suppress(FileNotFoundError):
                _beside(self._path, log).rename(_beside(self._kept, log))
        self._new.replace(self._path)
        sync_folder(self._path.parent)
        return str(self._kept) if there else ""

    def remove(self) -> None:
        """Remove what is left of it, by this process or by one that was killed."""
        for log in ("", *LOGS):
            _beside(self._new, log).unlink(missing_ok=True)


@contextmanager
def beside(path: Path, name: str) -> Iterator[File]:
    """Make an empty database beside the one at a path, which would be kept under a name added to its own."""
    with _alone_in(path.parent):
        gather(path)
        file = File(path, _beside(path, f".{name}"))
        try:
            file.make()
            yield file
        finally:
            file.remove()


def gather(path: Path) -> None:
    """Bring all of a database into its one file; raise InUse while somebody else has it open.

    SQLite leaves its write-ahead log only when nobody else is there. A file that is no database is left as it is:
    that may be why another one is to take its place.
    """
    if not path.exists():
        return
    connection = sqlite3.connect(path, timeout=1)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise InUse(
            "Others have the database open. Stop the portal's web server and its worker first."
        ) from None
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder; it goes with the process, however that ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InUse("Another restore is at work.") from None
    else:
        yield
    finally:
        os.close(descriptor)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
