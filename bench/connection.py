"""An HTTP client that costs next to nothing, so that what is measured is the server: one connection, kept open."""

import socket
from collections.abc import Mapping

from tests.servers.loopback import LOOPBACK

PATIENCE_SECONDS = 30


class Connection:
    """One connection to a server on loopback."""

    def __init__(self, port: int) -> None:
        """Open it."""
        self._socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE_SECONDS)
        self._answers = self._socket.makefile("rb")

    def ask(self, request: bytes, *, expects: int = 200) -> bytes:
        """Send a whole request and return the body of its answer; raise RuntimeError when its status is another."""
        self._socket.sendall(request)
        status = self._answers.readline()
        body = self._answers.read(self._length())
        if status.split()[1:2] != [b"%d" % expects]:
            raise RuntimeError(f"{request[:80]!r} was answered with {status!r} {body[:400]!r}")
        return body

    def _length(self) -> int:
        """Read the headers and return how long they say the body is."""
        length = 0
        while line := self._answers.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return length


def get(path: str) -> bytes:
    """Return the request for a page."""
    return _request("GET", path, {}, b"")


def post(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the request that sends a body."""
    return _request("POST", path, {**headers, "Content-Length": str(len(body))}, body)


def _request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {LOOPBACK}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
