"""What stands between the application and the network keeps HTTP as it is, and outlives one of its processes."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal, family
from tests.servers.raw import FORM, PATIENCE_SECONDS, RawClient

pytestmark = ONE_DATABASE


def ask(portal: Portal, *lines: str, body: bytes = b"") -> tuple[str, str]:
    """Return the head and the body of the answer."""
    answer = RawClient(portal.port).send(*lines, "Connection: close", body=body).answer()
    head, _, rest = answer.partition("\r\n\r\n")
    return head, rest


def header(head: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*)\r?$", head, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""


def web_processes(portal: Portal) -> set[int]:
    """Return the processes that answer requests: the children of the one that runs the server."""
    assert portal.process
    of_server = {
        pid for pid in family(portal.process.pid) if "granian" in Path(f"/proc/{pid}/cmdline").read_text()
    }
    return of_server - {min(of_server)}


def wait_for_an_answer(portal: Portal) -> None:
    """Ask until there is an answer: what a process had already taken when it was killed is lost with it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError):
            if ask(portal, "GET /clinics?near=99701 HTTP/1.1")[0].startswith("HTTP/1.1 200 "):
                return
    pytest.fail("nobody answers")


def test_an_answer_to_head_has_the_headers_of_get_and_no_body(portal: Portal) -> None:
    told, _ = ask(portal, "GET /about HTTP/1.1")
    head, body = ask(portal, "HEAD /about HTTP/1.1")
    assert head.startswith("HTTP/1.1 200 ")
    assert (header(head, "content-length"), body) == (header(told, "content-length"), "")
    assert header(head, "content-length") != ""


def test_static_files_are_compressed_kept_and_not_sent_twice(portal: Portal) -> None:
    _, page = ask(portal, "GET / HTTP/1.1")
    style = re.search(r"/assets/[a-z.-]+\.[0-9a-f]+\.css", page)
    assert style
    head, body = ask(portal, f"GET {style[0]} HTTP/1.1", "Accept-Encoding: br")
    assert (header(head, "content-encoding"), header(head, "content-length")) == ("br", str(len(body)))
    assert "immutable" in header(head, "cache-control")
    again, nothing = ask(
        portal, f"GET {style[0]} HTTP/1.1", f"If-Modified-Since: {header(head, 'last-modified')}"
    )
    assert again.startswith("HTTP/1.1 304 ")
    assert nothing == ""
    part, piece = ask(portal, f"GET {style[0]} HTTP/1.1", "Range: bytes=0-9")
    assert part.startswith("HTTP/1.1 206 ")
    assert len(piece) == 10


def test_every_cookie_and_the_way_of_a_redirect_come_through(portal: Portal) -> None:
    body = urlencode({"q": "Bethel"}).encode()
    head, _ = ask(portal, "POST /sign-out HTTP/1.1", FORM, f"Content-Length: {len(body)}", body=body)
    assert head.startswith("HTTP/1.1 4")
    head, _ = ask(portal, "GET /staff/queue HTTP/1.1")
    assert head.startswith("HTTP/1.1 302 ")
    assert header(head, "location").startswith("/staff/sign-in")


def test_server_processes_that_are_killed_one_after_the_other_are_replaced(portal: Portal) -> None:
    before = web_processes(portal)
    assert len(before) >= 2
    for killed in before:
        os.kill(killed, signal.SIGKILL)
        wait_for_an_answer(portal)
    # None of those that answered at first is left, so a new one answers.
    assert not web_processes(portal) & before
    assert portal.process
    assert portal.process.poll() is None
