"""Requests that bring files: larger than all others, never on the disk in plain, and few of them in memory at a time."""

from collections import Counter
from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, ParamSpec, TypeVar
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from portal.domain.files import ALL_MOST_BYTES, MEBIBYTE
from portal.doors.refusals import Busy

P = ParamSpec("P")
R = TypeVar("R")

BODY_MOST_BYTES = ALL_MOST_BYTES + MEBIBYTE
"""The files, and what stands around them in a form."""
HELD_MOST_BYTES = 4 * BODY_MOST_BYTES
"""How much of such bodies one server process holds; as much again while it takes the files out of a form."""
HELD_OF_ONE_BYTES = HELD_MOST_BYTES // 2
"""How much of that may come from one address; the rest is for the others."""
FORM = "multipart/form-data"


class Asked(Request):
    """A request whose files stay in memory: the library would write what is large to a folder that all may read."""

    def _get_file_stream(self, *_told: object, **_more: object) -> IO[bytes]:
        return BytesIO()


class Room:
    """What the bodies with files take in one process."""

    def __init__(self, most_bytes: int = HELD_MOST_BYTES, of_one_bytes: int = HELD_OF_ONE_BYTES) -> None:
        """Start with nothing held."""
        self.most_bytes, self.of_one_bytes = most_bytes, of_one_bytes
        self.held = Counter[str]()

    def take(self, who: str, size: int) -> None:
        """Count what came in from an address; raise Busy when that is too much."""
        if self.held.total() + size > self.most_bytes or self.held[who] + size > self.of_one_bytes:
            raise Busy
        self.held[who] += size

    def give(self, who: str, size: int) -> None:
        """Count what went out of memory."""
        self.held[who] -= size
        if not self.held[who]:
            del self.held[who]


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view's requests be as large as files are; stands above `enter`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def only_of(knows: Callable[..., bool]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view's files come in only from those whom the address and the cookies tell; stands above `takes_files`."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.knows = knows  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Read large bodies where a view takes files, and nowhere else."""
    app.request_class = Asked
    app.before_request(_widen)


def brings_files(app: Flask, method: str, path: str, content_type: str) -> bool:
    """Tell whether a request is for a view that takes files, before the application has seen it."""
    if method != "POST" or not content_type.lower().startswith(FORM):
        return False
    try:
        endpoint, _ = _match(app, method, path)
    except HTTPException:
        return False
    return _takes_files(app, endpoint)


def is_stranger(app: Flask, environ: WSGIEnvironment, path: str) -> bool:
    """Tell whether a request that brings files is from somebody whom its view does not take them from."""
    endpoint, named = _match(app, environ["REQUEST_METHOD"], path)
    knows = getattr(app.view_functions[endpoint], "knows", None)
    if knows is None:
        return False
    with app.request_context(dict(environ)):
        try:
            return not knows(*named.values())
        except SQLAlchemyError:
            # Who it is cannot be told now, and the answer will say why.
            return False


def _match(app: Flask, method: str, path: str) -> tuple[str, dict[str, Any]]:
    endpoint, named = app.url_map.bind("").match(path, method)
    return str(endpoint), dict(named)


def _widen() -> None:
    if request.endpoint and _takes_files(current_app, request.endpoint):
        request.max_content_length = BODY_MOST_BYTES


def _takes_files(app: Flask, endpoint: str) -> bool:
    return getattr(app.view_functions[endpoint], "takes_files", False)
