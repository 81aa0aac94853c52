"""What surrounds every page: names for templates, headers, and one line of log a request, without its query."""

import logging
import time
from uuid import uuid4

from flask import Flask, Response, current_app, g, request

from portal.doors.entry import Entry, entry_of
from portal.doors.world import world, world_of
from portal.web import assets, words

LOG = logging.getLogger("portal.requests")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}


def init_app(app: Flask) -> None:
    """Give templates their names and every answer its headers and its line of log."""
    settings = world_of(app).settings
    assets.init_app(app, settings.instance_path / "assets")
    app.jinja_env.globals.update(
        site_name=settings.site_name,
        site_tagline=settings.site_tagline,
        phone_line=settings.phone_line,
        test_data=not settings.production,
        words=words,
    )
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.request_id = uuid4().hex[:12]
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    if world().settings.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if not _is_public():
        response.headers["Cache-Control"] = "no-store"
    # The route's pattern, not the path: a path can hold a key, and the query what somebody typed.
    LOG.info(
        "%s %s %s %s %.1fms",
        g.get("request_id"),
        request.method,
        request.url_rule or "-",
        response.status_code,
        (time.perf_counter() - g.get("started", time.perf_counter())) * 1000,
    )
    return response


def _is_public() -> bool:
    known = request.endpoint is not None and entry_of(current_app, request.endpoint)
    return request.method == "GET" and known is Entry.PUBLIC
