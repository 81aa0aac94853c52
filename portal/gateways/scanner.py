"""A virus scanner that speaks clamd's INSTREAM, by socket or TCP; whatever it says but OK does not pass.

Source: clamd(8). A command ends with a zero byte, each chunk comes behind its length in four bytes, an empty one ends.
"""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30
PORT = 3310
CHUNK_BYTES = 64 * 1024
LENGTH_BYTES = 4
ANSWER_MOST_BYTES = 4096

Scan = Callable[[bytes], bool]
"""Tells whether a file is harmless; raises Away while nobody can tell."""


class Away(Exception):
    """The scanner did not answer, or did not look: the text says which, and holds nothing of the file."""


def scanner(url: str) -> Scan | None:
    """Return what scans by a URL, `tcp://host:port` or `unix:///path`; None where none is set up.

    Raises ValueError for another scheme: a slip must not leave every file unscanned.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return lambda content: _scan(content, socket.AF_UNIX, parts.path)
    if parts.scheme == "tcp":
        where = (parts.hostname or "", parts.port or PORT)
        return lambda content: _scan(content, socket.AF_INET, where)
    raise ValueError("SCANNER_URL begins with tcp:// or unix://")


def _scan(content: bytes, family: socket.AddressFamily, where: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            connection.connect(where)
            said = _ask(connection, content)
    except OSError:
        raise Away("it did not answer") from None
    if said == b"stream: OK\0":
        return True
    if said.startswith(b"stream: ") and said.endswith(b" FOUND\0"):
        return False
    raise Away("it did not look at the file")


def _ask(connection: socket.socket, content: bytes) -> bytes:
    """Return the answer; a whole one ends with a zero byte."""
    connection.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = content[start : start + CHUNK_BYTES]
        connection.sendall(len(chunk).to_bytes(LENGTH_BYTES) + chunk)
    connection.sendall(bytes(LENGTH_BYTES))
    answer = b""
    while (
        b"\0" not in answer
        and len(answer) < ANSWER_MOST_BYTES
        and (more := connection.recv(ANSWER_MOST_BYTES))
    ):
        answer += more
    return answer
