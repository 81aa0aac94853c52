"""A scanner on loopback that speaks clamd's INSTREAM; it knows one harmful text, and can be told to answer oddly."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.loopback import LOOPBACK

HARMFUL = b"this text stands for a virus"
COMMAND = b"zINSTREAM\0"


@dataclass
class Scanner:
    """Where it listens, what it was sent, and what it answers instead of its own finding while that is set."""

    url: str = ""
    seen: list[bytes] = field(default_factory=list)
    answer: bytes | None = None

    def judge(self, content: bytes) -> bytes:
        """Keep what was sent, and return the answer."""
        self.seen.append(content)
        if self.answer is not None:
            return self.answer
        return b"stream: Test.Harmful FOUND\0" if HARMFUL in content else b"stream: OK\0"


def _server(kind: type[socketserver.BaseServer], where: object, scanner: Scanner) -> socketserver.BaseServer:
    class Conversation(socketserver.StreamRequestHandler):
        """One file."""

        def handle(self) -> None:
            assert self.rfile.read(len(COMMAND)) == COMMAND
            content = bytearray()
            while size := int.from_bytes(self.rfile.read(4)):
                content += self.rfile.read(size)
            self.wfile.write(scanner.judge(bytes(content)))

    return kind(where, Conversation)  # type: ignore[arg-type]


@contextmanager
def running(folder: Path | None = None) -> Iterator[Scanner]:
    """Run a scanner at a free loopback port, or at a socket in a folder."""
    scanner = Scanner()
    if folder is None:
        server = _server(socketserver.ThreadingTCPServer, (LOOPBACK, 0), scanner)
        scanner.url = f"tcp://{LOOPBACK}:{server.server_address[1]}"  # type: ignore[index]
    else:
        server = _server(socketserver.ThreadingUnixStreamServer, str(folder / "s"), scanner)
        scanner.url = f"unix://{folder / 's'}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield scanner
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
