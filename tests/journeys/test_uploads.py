"""Files over a real server: slow lines are waited for, what is too large is told, and nobody else waits meanwhile."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from itertools import islice
from threading import Thread
from urllib.parse import urlencode

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.doors.uploads import BODY_MOST_BYTES
from tests import papers
from tests.build import SAFE
from tests.journeys import portal as running_portal
from tests.journeys.portal import Portal
from tests.servers.loopback import LOOPBACK

REQUEST_SECONDS = 1
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that gives a body one second before it counts."""
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUEST_SECONDS", str(REQUEST_SECONDS))
        patch.setenv("LIMITS_FACTOR", "0")
        with running_portal.running(folder, f"sqlite:///{folder / 'portal.sqlite3'}") as found:
            yield found


@dataclass
class Practice:
    """Whoever fills in a form, with cookies and nothing else that a browser has."""

    portal: Portal
    cookies: dict[str, str] = field(default_factory=dict)
    draft: str = ""

    def begin(self) -> "Practice":
        """Start a form."""
        sent = {"csrf_token": self.token("/refer")} | SAFE
        answer, _ = self.ask("POST", "/refer", urlencode(sent).encode(), "application/x-www-form-urlencoded")
        self.draft = str(answer.getheader("Location")).rpartition("/")[0]
        return self

    def token(self, path: str) -> str:
        """The token of the first form on a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", path)[1])
        assert found, path
        return found[1]

    def ask(
        self, method: str, path: str, body: bytes | Iterator[bytes] = b"", kind: str = "", length: int = 0
    ) -> tuple[HTTPResponse, str]:
        """Make a request on a connection of its own."""
        connection = HTTPConnection(LOOPBACK, self.portal.port, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "Content-Length": str(length or len(body))}  # type: ignore[arg-type]
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        connection.close()
        return answer, text

    def upload(
        self, content: bytes, *, seconds: float = 0.0, pieces: int = 1, sent: int | None = None
    ) -> tuple[HTTPResponse, str]:
        """Send one file, in pieces over a time; of its pieces only some, where that is said."""
        form = MultiDict[str, str | FileStorage]({"csrf_token": self.token(f"{self.draft}/files")})
        form.add("files", FileStorage(BytesIO(content), filename="scan.png"))
        boundary, body = encode_multipart(form)
        parts = islice(dripped(body, -(-len(body) // pieces), seconds / pieces), sent)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", f"{self.draft}/files", parts, kind, len(body))


def dripped(body: bytes, size: int, pause_seconds: float) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        time.sleep(pause_seconds)
        yield body[start : start + size]


def noise(width: int) -> bytes:
    return papers.encoded(Image.effect_noise((width, width), 90), "PNG")


def test_a_file_over_a_slow_line_is_waited_for_and_others_go_on(strict: Portal) -> None:
    slow, other = Practice(strict).begin(), Practice(strict)
    answers: list[tuple[HTTPResponse, str]] = []
    line = Thread(
        target=lambda: answers.append(slow.upload(noise(700), seconds=3 * REQUEST_SECONDS, pieces=30))
    )
    line.start()
    while line.is_alive():
        assert other.ask("GET", "/clinics?near=99701")[0].status == 200
        time.sleep(0.2)
    assert answers[0][0].status == 303
    assert "scan.png" in slow.ask("GET", f"{slow.draft}/files")[1]


def test_a_line_that_goes_dead_in_the_middle_is_let_go(strict: Portal) -> None:
    practice = Practice(strict).begin()
    answer, _ = practice.upload(b"x" * 300, pieces=2, sent=1)
    assert answer.status == 408
    assert str(answer.getheader("Connection")).lower() == "close"


def test_what_is_too_large_is_heard_out_and_told_on_the_page(strict: Portal) -> None:
    practice = Practice(strict).begin()
    answer, _ = practice.upload(bytes(BODY_MOST_BYTES), pieces=60)
    assert (answer.status, answer.getheader("Location")) == (303, f"{practice.draft}/files?much=yes")
    assert "more than 50 MB together" in practice.ask("GET", f"{practice.draft}/files?much=yes")[1]


def test_a_large_body_is_taken_nowhere_else(strict: Portal) -> None:
    body = b"x" * 400_000
    for path in ("/refer", "/status", "/api/v1/referrals"):
        answer, _ = Practice(strict).ask("POST", path, body[:1], "multipart/form-data; boundary=x", len(body))
        assert answer.status == 413, path


def test_a_dear_file_keeps_nobody_waiting_for_a_page(strict: Portal) -> None:
    practice, other = Practice(strict).begin(), Practice(strict)
    dear = papers.encoded(Image.new("RGBA", (7000, 5000), (1, 2, 3, 4)), "PNG")
    answers: list[tuple[HTTPResponse, str]] = []
    line = Thread(target=lambda: answers.append(practice.upload(dear)))
    line.start()
    looked = 0
    while line.is_alive():
        assert other.ask("GET", "/about")[0].status == 200
        looked += 1
    assert answers[0][0].status == 303
    # There are two processes: if one of them did nothing else meanwhile, every second page would have waited for it.
    assert looked > 20
