"""HTTP by hand: clients that do on a socket what no library would let them."""

import socket
from contextlib import suppress
from dataclasses import dataclass, field

from tests.servers.loopback import LOOPBACK

PATIENCE_SECONDS = 30
FORM = "Content-Type: application/x-www-form-urlencoded"


@dataclass
class RawClient:
    """One connection, on which bytes are sent as they are."""

    port: int
    connection: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.connection = socket.create_connection((LOOPBACK, self.port), timeout=PATIENCE_SECONDS)

    def send(self, *lines: str, body: bytes = b"", ended: bool = True) -> "RawClient":
        """Send a request's lines and what stands of its body; a server that has closed already is not minded."""
        request = "\r\n".join([lines[0], "Host: 127.0.0.1", *lines[1:]]) + ("\r\n\r\n" if ended else "")
        return self.drip(request.encode("latin-1") + body)

    def drip(self, more: bytes) -> "RawClient":
        with suppress(ConnectionError):
            self.connection.sendall(more)
        return self

    def end(self) -> "RawClient":
        """Say that nothing more will come, and go on listening."""
        self.connection.shutdown(socket.SHUT_WR)
        return self

    def answer(self) -> str:
        """Return all that comes until the server closes; raise TimeoutError when it keeps the connection."""
        got = bytearray()
        with self.connection, suppress(ConnectionError):
            while part := self.connection.recv(65536):
                got += part
        return got.decode("latin-1")

    def status(self) -> str:
        """Return the first answer's status, or nothing when the connection was closed without one."""
        return self.answer().partition("\r\n")[0].removeprefix("HTTP/1.1 ")[:3]
