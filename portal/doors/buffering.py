"""The whole of a request before the application hears of it: one that is too large or too slow holds nobody up.

The application is plain WSGI and answers one request at a time in each process. Behind ASGI, bodies come in beside
each other, and only what has come whole is handed on. What is refused is handed on too, without its body, so that
its answer looks, is logged and is guarded like every other.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from flask import Flask, request

from portal.doors.refusals import BrokenOff, Refusal, TooLarge, TooSlow
from portal.doors.world import world_of

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

REFUSED = "portal.refused"
"""Where a request's environment keeps why it was refused; no header can come to stand there."""
OF_THE_WAY = {b"content-length", b"transfer-encoding"}
"""Headers that tell how a body comes; once it has come whole, they say nothing more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How large a body may be, how long it may keep us waiting, and how fast it must come after that."""

    most_bytes: int
    seconds: float
    bytes_per_second: int


def init_app(app: Flask) -> None:
    """Let the application answer what was refused before it."""
    app.before_request(_refuse)


def _refuse() -> None:
    if refusal := request.environ.get(REFUSED):
        raise refusal


def buffered(app: Flask) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the application for an ASGI server; it takes whole requests, within the bounds of its settings."""
    settings = world_of(app).settings
    bounds = Bounds(
        most_bytes=settings.max_body_bytes,
        seconds=settings.request_seconds,
        bytes_per_second=settings.slowest_bytes_per_second,
    )

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        environment = _environment(scope)
        closing: Headers = []
        try:
            body = await _read(scope["headers"], receive, bounds)
            environment |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        except Refusal as refusal:
            environment[REFUSED] = refusal
            closing = [(b"connection", b"close")]
        # It runs in the loop itself: one at a time, a thread would win nothing and cost each request two switches.
        status, headers, answer = _ask(app, environment)
        await send({"type": "http.response.start", "status": status, "headers": headers + closing})
        await send({"type": "http.response.body", "body": answer})

    return serve


async def _read(headers: Headers, receive: Receive, bounds: Bounds) -> bytes:
    """Return the body; raise a Refusal when it is too large (413), comes too slowly (408) or breaks off (400).

    The first seconds are given; every byte that comes buys the time it may take at the slowest.
    """
    told = {name: value for name, value in headers if name in OF_THE_WAY}
    if not told:
        return b""
    if int(told.get(b"content-length", 0)) > bounds.most_bytes:
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(bounds.seconds) as patience:
            while (message := await receive())["type"] == "http.request":
                part = message.get("body", b"")
                body += part
                if len(body) > bounds.most_bytes:
                    raise TooLarge
                if not message.get("more_body"):
                    return bytes(body)
                patience.reschedule((patience.when() or 0) + len(part) / bounds.bytes_per_second)
    except TimeoutError:
        raise TooSlow from None
    raise BrokenOff


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
        "wsgi.multithread": False,
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


def _ask(app: WSGIApplication, environment: WSGIEnvironment) -> tuple[int, Headers, bytes]:
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
