"""The whole of a request before the application hears of it: one that is too large or too slow holds nobody up.

The application is plain WSGI and answers one request at a time in each process. Behind ASGI, bodies come in beside
each other, and only what has come whole is handed on. What is refused is handed on too, without its body, so that
its answer looks, is logged and is guarded like every other. Those that bring files may be larger, and their answer
is made in a thread: reading a file takes up to ten seconds, and pages go on meanwhile. One address has one of those
made at a time, so that who sends many dear files waits for themselves.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from flask import Flask, request

from portal.config import Settings
from portal.doors.bounds import ROWS_BODY_MOST_BYTES, brings_rows
from portal.doors.hosts import client_of
from portal.doors.refusals import BrokenOff, Busy, Refusal, TooLarge, TooSlow
from portal.doors.turns import Turns
from portal.doors.uploads import BODY_MOST_BYTES, Room, brings_files, is_stranger
from portal.doors.world import world_of

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Told = tuple[int, Headers, bytes]

REFUSED = "portal.refused"
"""Where a request's environment keeps why it was refused; no header can come to stand there."""
OF_THE_WAY = {b"content-length", b"transfer-encoding"}
"""Headers that tell how a body comes; once it has come whole, they say nothing more."""
PAUSE_MOST_SECONDS = 60
"""Longer than a satellite loses its signal; what came fast before does not buy more."""
DROPPED_MOST_BYTES = 4 * BODY_MOST_BYTES
CLOSING = [(b"connection", b"close")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How large a body may be, how long it may keep us waiting, and how fast it must come after that."""

    most_bytes: int
    seconds: float
    bytes_per_second: int
    room: Room | None = None
    """For a body with files: what it takes is counted."""
    who: str = ""
    """From whom it comes, where that is counted."""


def init_app(app: Flask) -> None:
    """Let the application answer what was refused before it."""
    app.before_request(_refuse)


def _refuse() -> None:
    if refusal := request.environ.get(REFUSED):
        raise refusal


def buffered(app: Flask) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the application for an ASGI server; it takes whole requests, within the bounds of its settings."""
    usual = _usual(world_of(app).settings)
    of_rows = replace(usual, most_bytes=max(ROWS_BODY_MOST_BYTES, usual.most_bytes))
    of_files = replace(usual, most_bytes=BODY_MOST_BYTES, room=Room())
    turns = Turns()

    def bounds_of(scope: Scope, environment: WSGIEnvironment) -> Bounds:
        if brings_files(app, scope["method"], scope["path"], environment.get("CONTENT_TYPE", "")):
            return replace(of_files, who=client_of(app, environment))
        return of_rows if brings_rows(app, scope["method"], scope["path"]) else usual

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        environment = _environment(scope)
        bounds, body, closing = bounds_of(scope, environment), BytesIO(), Headers()
        if bounds.room and is_stranger(app, environment, scope["path"]):
            await _hear_out(receive, bounds)
            bounds, closing = usual, CLOSING
        elif refusal := await _find_refusal(scope["headers"], receive, bounds, body):
            environment[REFUSED], bounds, closing = refusal, usual, CLOSING
        environment |= {"wsgi.input": body, "CONTENT_LENGTH": str(len(body.getbuffer()))}
        try:
            if bounds.room:
                told = await turns.take(bounds.who, partial(_ask, app, environment))
            else:
                # It runs in the loop itself: a thread would win nothing and cost each request two switches.
                told = _ask(app, environment)
        finally:
            _drop(body, bounds)
        status, headers, answer = told
        await send({"type": "http.response.start", "status": status, "headers": headers + closing})
        await send({"type": "http.response.body", "body": answer})

    return serve


def _usual(settings: Settings) -> Bounds:
    return Bounds(
        most_bytes=settings.max_body_bytes,
        seconds=settings.request_seconds,
        bytes_per_second=settings.slowest_bytes_per_second,
    )


async def _find_refusal(
    headers: Headers, receive: Receive, bounds: Bounds, body: BytesIO
) -> type[Refusal] | None:
    """Read the body; where it is refused, let it go and return why."""
    receive = _to_its_end(receive)
    try:
        await _read(headers, receive, bounds, body)
    except Refusal as refusal:
        _drop(body, bounds)
        if bounds.room and isinstance(refusal, TooLarge | Busy):
            await _hear_out(receive, bounds)
        # Its kind alone: an error that its own request holds would hold the connection open until garbage is collected.
        return type(refusal)
    return None


def _to_its_end(receive: Receive) -> Receive:
    """Return what gives a body's parts; behind the last one a server would wait for the next request."""
    ended = False

    async def receive_next() -> Message:
        nonlocal ended
        message = {"type": "http.disconnect"} if ended else await receive()
        ended = not message.get("more_body")
        return message

    return receive_next


async def _read(headers: Headers, receive: Receive, bounds: Bounds, body: BytesIO) -> None:
    """Read the body; raise a Refusal when it is too large (413), comes too slowly (408) or breaks off (400).

    The first seconds are given; every byte that comes buys the time it may take at the slowest, up to a minute.
    """
    told = {name: value for name, value in headers if name in OF_THE_WAY}
    if not told:
        return
    if int(told.get(b"content-length", 0)) > bounds.most_bytes:
        raise TooLarge
    try:
        async with asyncio.timeout(bounds.seconds) as patience:
            while (message := await receive())["type"] == "http.request":
                part = message.get("body", b"")
                _keep(body, part, bounds)
                if not message.get("more_body"):
                    body.seek(0)
                    return
                _wait_on(patience, len(part), bounds)
    except TimeoutError:
        raise TooSlow from None
    raise BrokenOff


def _keep(body: BytesIO, part: bytes, bounds: Bounds) -> None:
    if body.tell() + len(part) > bounds.most_bytes:
        raise TooLarge
    if bounds.room:
        bounds.room.take(bounds.who, len(part))
    body.write(part)


def _drop(body: BytesIO, bounds: Bounds) -> None:
    if bounds.room:
        bounds.room.give(bounds.who, len(body.getbuffer()))
    body.seek(0)
    body.truncate()


def _wait_on(patience: asyncio.Timeout, size: int, bounds: Bounds) -> None:
    bought = (patience.when() or 0) + size / bounds.bytes_per_second
    patience.reschedule(min(bought, asyncio.get_running_loop().time() + PAUSE_MOST_SECONDS))


async def _hear_out(receive: Receive, bounds: Bounds) -> None:
    """Let a body that is not taken pass by: a browser that is cut off while it sends never shows the answer."""
    passed = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(bounds.seconds) as patience:
            while passed < DROPPED_MOST_BYTES and (message := await receive()).get("more_body"):
                passed += len(message.get("body", b""))
                _wait_on(patience, len(message.get("body", b"")), bounds)


def _environment(scope: Scope) -> WSGIEnvironment:
    """Return what PEP 3333 asks for, with an empty body."""
    server, port = scope.get("server") or ("", 0)
    client, _ = scope.get("client") or ("", 0)
    environment: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "CONTENT_LENGTH": "0",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # "X_Forwarded_For" would take the place of "X-Forwarded-For", which a proxy guards.
        if name not in OF_THE_WAY and b"_" not in name:
            _add(environment, name.decode("latin-1"), value.decode("latin-1"))
    return environment


def _add(environment: WSGIEnvironment, name: str, value: str) -> None:
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    environment[key] = f"{environment[key]},{value}" if key in environment else value


def _ask(app: WSGIApplication, environment: WSGIEnvironment) -> Told:
    """Return the status, the headers and the whole body of the application's answer."""
    status, headers = "", []

    def start(*told: Any) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = told[:2]
        return lambda _: None

    parts = app(environment, start)
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    return (
        int(status[:3]),
        [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        body,
    )
