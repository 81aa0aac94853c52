"""What all doors share: what is refused at each, who may enter a route, and the outside world given at start."""

from flask import Flask

from portal.doors import (
    bounds,
    buffering,
    cookies,
    headers,
    hosts,
    limits,
    logs,
    noting,
    origin,
    uploads,
    ways,
)


def init_app(app: Flask) -> None:
    """Hang what guards every request into the application, first of all: cheap refusals come before dear ones."""
    for part in (logs, cookies, headers, ways, hosts, buffering, uploads, bounds, origin, limits, noting):
        part.init_app(app)
