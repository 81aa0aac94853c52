"""The heads of the audit chain in a file of their own: whoever can write to the database cannot take them back.

A line is a number, a digest and a moment. Lines are only added, so the file may be kept append-only, or copied away.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from portal.domain.audit import Head


def append(path: Path, head: Head) -> None:
    """Add a head and return when it is on the disk; the file is for its owner alone."""
    line = f"{head.number} {head.digest.hex()} {head.at.isoformat()}\n"
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:  # noqa: PTH123
        # A line that a power cut broke off ends where the next one begins.
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        if file.read(1) not in {b"", b"\n"}:
            line = "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Head]:
    """Return all heads, oldest first; a line that is not whole says nothing, and without a file there are none."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        with suppress(ValueError):
            number, digest, at = line.split()
            found.append(
                Head(number=int(number), digest=bytes.fromhex(digest), at=datetime.fromisoformat(at))
            )
    return found
