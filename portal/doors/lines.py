"""One line of log a request, under a number of its own: the route's pattern, never the path, which can hold a key."""

import logging
import time
from uuid import uuid4

from flask import Flask, Response, g, request

LOG = logging.getLogger("portal.requests")


def init_app(app: Flask) -> None:
    """Number every request as it comes, and write one line when it is answered."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.request_id = uuid4().hex[:12]
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    # Not the path, which can hold a key, nor the query, which holds what somebody typed.
    LOG.info(
        "%s %s %s %s %.1fms",
        g.get("request_id"),
        request.method,
        request.url_rule or "-",
        response.status_code,
        (time.perf_counter() - g.get("started", time.perf_counter())) * 1000,
    )
    return response
