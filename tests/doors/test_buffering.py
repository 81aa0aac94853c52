"""Requests with files, as the server hands them on: nobody takes the room or the time that is for others."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.doors import buffering
from portal.doors.hosts import client_of
from portal.doors.uploads import Room
from tests import papers
from tests.doors.conftest import PortalWith
from tests.web import practice
from tests.web.desk import field_value, open_page

pytestmark = pytest.mark.one_database("sqlite")

Served = Callable[..., Awaitable[None]]

MANY, ONE = "192.0.2.1", "192.0.2.2"
"""Addresses: of who sends much, and of who sends one file."""
ROOM, OF_ONE = 6_000, 3_000
HELD = b"x" * 2_500
NOT_A_FORM = 400
"""What a holder is answered to such a body, once it came in."""


@dataclass
class Post:
    """A request of a browser that sends files, and what came of it."""

    path: str
    cookies: str
    who: str
    boundary: str
    body: bytes
    goes_on: asyncio.Event | None = None
    """Where there is one, more is to come than the body, and only after it."""
    told: list[Mapping[str, Any]] = field(default_factory=list)

    async def ask(self, served: Served) -> "Post":
        head = {
            "host": "127.0.0.1:8000",
            "cookie": self.cookies,
            "content-type": f"multipart/form-data; boundary={self.boundary}",
            "content-length": str(len(self.body) + (self.goes_on is not None)),
        }
        scope = {
            "method": "POST", "path": self.path, "query_string": b"", "scheme": "http", "http_version": "1.1",
            "headers": [(name.encode(), value.encode()) for name, value in head.items()],
            "client": (self.who, 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        parts = [self.body] if self.goes_on is None else [self.body, b"x"]

        async def receive() -> Mapping[str, Any]:
            if self.goes_on and len(parts) == 1:
                await self.goes_on.wait()
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message: Mapping[str, Any]) -> None:
            self.told.append(message)

        await served(scope, receive, send)
        return self

    @property
    def status(self) -> int:
        return int(self.told[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return {name.lower(): value for name, value in self.told[0]["headers"]}


def post(app: Flask, who: str, *, files: int = 1, **given: Any) -> Post:
    """Begin a form and be about to send small pictures with it."""
    browser: FlaskClient = app.test_client()
    draft = practice.begin(browser)
    form = MultiDict[str, str | FileStorage](
        {"csrf_token": field_value(open_page(browser, f"{draft}/files"), "csrf_token")}
    )
    for number in range(files):
        form.add("files", FileStorage(BytesIO(papers.png()), filename=f"{number}.png"))
    boundary, body = encode_multipart(form)
    kept = [browser.get_cookie(name) for name in ("session", f"draft-{draft.rpartition('/')[2]}")]
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in kept if cookie)
    return Post(f"{draft}/files", cookies, who, boundary, **{"body": body} | given)


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The application as the server has it, with room for a few kilobytes."""
    monkeypatch.setattr(buffering, "Room", partial(Room, most_bytes=ROOM, of_one_bytes=OF_ONE))
    return buffering.buffered(app)


def run(asked: Coroutine[Any, Any, object]) -> None:
    """Run requests as a server does, which shares nothing with the test."""
    Context().run(asyncio.run, asked)


async def _beside(served: Served, slow: Post, *others: Post) -> None:
    """Let others send their files while one body is half there, and then the rest of it come."""
    slow.goes_on = asyncio.Event()
    held = asyncio.create_task(slow.ask(served))
    await asyncio.sleep(0)
    for other in others:
        await other.ask(served)
    slow.goes_on.set()
    await held


def test_who_sends_many_files_waits_for_themselves(app: Flask) -> None:
    many = [post(app, MANY, files=2) for _ in range(3)]
    one = post(app, ONE)
    done: list[Post] = []

    async def all_at_once() -> None:
        served = buffering.buffered(app)

        async def ask(each: Post) -> None:
            done.append(await each.ask(served))

        await asyncio.gather(*(ask(each) for each in (*many, one)))

    run(all_at_once())
    assert [each.status for each in done] == [303] * 4
    assert done[-1].who == MANY


def test_the_body_of_who_holds_no_draft_takes_no_room(app: Flask, served: Served) -> None:
    stranger, one = (post(app, ONE, body=HELD) for _ in range(2))
    stranger.cookies = ""
    run(_beside(served, stranger, one))
    assert (stranger.status, stranger.headers[b"connection"]) == (404, b"close")
    assert one.status == NOT_A_FORM


def test_one_address_leaves_room_for_others_and_is_told_when_there_may_be_some(
    app: Flask, served: Served
) -> None:
    slow, again, one = (post(app, who, body=HELD) for who in (MANY, MANY, ONE))
    run(_beside(served, slow, again, one))
    assert (again.status, again.headers[b"retry-after"]) == (429, b"60")
    assert "There is no room for files just now" in again.told[1]["body"].decode()
    assert one.status == NOT_A_FORM
    assert slow.status == NOT_A_FORM


def test_what_was_held_is_free_again(app: Flask, served: Served) -> None:
    for _ in range(3):
        one = post(app, ONE, body=HELD)
        run(one.ask(served))
        assert one.status == NOT_A_FORM


class BreaksOff:
    """A connection that ends in the middle of a body."""

    scope: ClassVar[Mapping[str, Any]] = {
        "method": "POST", "path": "/refer", "query_string": b"", "scheme": "http", "http_version": "1.1",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"content-length", b"2")], "client": (ONE, 1),
    }  # fmt: skip

    def __init__(self) -> None:
        self.status = 0

    async def receive(self) -> Mapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        self.status = message.get("status", self.status)


async def _served(app: Flask, connection: BreaksOff) -> None:
    await buffering.buffered(app)(connection.scope, connection.receive, connection.send)


def test_a_refused_connection_is_let_go_at_once(app: Flask) -> None:
    """The server closes it when nothing holds it any more; one in a circle waits for the garbage collector."""
    connection = BreaksOff()
    gc.disable()
    try:
        run(_served(app, connection))
        status, held = connection.status, weakref.ref(connection)
        del connection
        assert (status, held()) == (400, None)
    finally:
        gc.enable()


def test_who_asks_is_told_behind_proxies_as_well(portal_with: PortalWith) -> None:
    asked = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}
    told = [client_of(portal_with(trusted_proxies=count), asked) for count in (0, 1, 2, 3)]
    assert told == ["127.0.0.1", "198.51.100.7", "203.0.113.9", "127.0.0.1"]
