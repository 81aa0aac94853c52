"""Files that stand whole or not at all: written under another name, read back, and only then named; never over another."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class FileTrouble(Exception):
    """The file cannot be written or read; the message names it."""


@contextmanager
def fresh(path: Path) -> Iterator[BinaryIO]:
    """Yield a new file of mode 600, to write and to read back; it stands at its path once the block ends well.

    Raises FileTrouble when something stands there already, or when the disk refuses.
    """
    _refuse_another(path)
    unnamed = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unnamed, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _refuse_another(path)
                unnamed.rename(path)
            finally:
                unnamed.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise FileTrouble(f"{path} cannot be written: {error.strerror}.") from None


@contextmanager
def read(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read; raise FileTrouble where that cannot be done."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileTrouble(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        yield file


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_another(path: Path) -> None:
    if os.path.lexists(path):
        raise FileTrouble(f"{path} is there already. Nothing is ever written over; choose another name.")
