"""Requests that bring files: larger than all others, never on the disk in plain, and few of them in memory at a time."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, ParamSpec, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import HTTPException

from portal.domain.files import ALL_MOST_BYTES, MEBIBYTE
from portal.doors.refusals import Busy

P = ParamSpec("P")
R = TypeVar("R")

BODY_MOST_BYTES = ALL_MOST_BYTES + MEBIBYTE
"""The files, and what stands around them in a form."""
HELD_MOST_BYTES = 4 * BODY_MOST_BYTES
"""How much of such bodies one server process holds; as much again while it takes the files out of a form."""
FORM = "multipart/form-data"


class Asked(Request):
    """A request whose files stay in memory: the library would write what is large to a folder that all may read."""

    def _get_file_stream(self, *_told: object, **_more: object) -> IO[bytes]:
        return BytesIO()


class Room:
    """What the bodies with files take in one process."""

    def __init__(self, most_bytes: int = HELD_MOST_BYTES) -> None:
        """Start with nothing held."""
        self.left = most_bytes

    def take(self, size: int) -> None:
        """Count what came in; raise Busy when that is too much."""
        if size > self.left:
            raise Busy
        self.left -= size

    def give(self, size: int) -> None:
        """Count what went out of memory."""
        self.left += size


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view's requests be as large as files are; stands above `enter`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Read large bodies where a view takes files, and nowhere else."""
    app.request_class = Asked
    app.before_request(_widen)


def brings_files(app: Flask, method: str, path: str, content_type: str) -> bool:
    """Tell whether a request is for a view that takes files, before the application has seen it."""
    if method != "POST" or not content_type.lower().startswith(FORM):
        return False
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except HTTPException:
        return False
    return _takes_files(app, endpoint)


def _widen() -> None:
    if request.endpoint and _takes_files(current_app, request.endpoint):
        request.max_content_length = BODY_MOST_BYTES


def _takes_files(app: Flask, endpoint: str) -> bool:
    return getattr(app.view_functions[endpoint], "takes_files", False)
