"""An error in the log: its kind and the places it came through; never a variable, and a message only in development.

A message is made of values: `KeyError('Cedar')`, `invalid literal for int(): '907…'`, a database's "Key (email)=...".
"""

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from structlog.typing import EventDict

from portal.config import ROOT
from portal.doors.scrubbing import scrub

MOST_FRAMES = 30
MOST_CAUSES = 5
PACKAGES = "site-packages"


def without_values(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Put kinds and places in the place of the error."""
    if error := _taken(line):
        line["errors"] = [
            {"kind": type(each).__qualname__, "places": _places(each.__traceback__)} | _from_system(each)
            for each in _with_causes(error)
        ]
    return line


def readable(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Put a text for people in the place of the error; what a database says stays out here too."""
    if error := _taken(line):
        parts = [
            "\n".join([*(f"  {place}" for place in _places(each.__traceback__)), _told(each)])
            for each in _with_causes(error)
        ]
        line["exception"] = "\n\nbecause of:\n".join(parts)
    return line


def _taken(line: EventDict) -> BaseException | None:
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    return error if isinstance(error, BaseException) else None


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    """Return a path that says nothing of the machine."""
    path = Path(filename)
    if PACKAGES in path.parts:
        return "/".join(path.parts[path.parts.index(PACKAGES) + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def _from_system(error: BaseException) -> dict[str, str]:
    """Return what the operating system says: words of its own, like "No space left on device"."""
    said = error.strerror if isinstance(error, OSError) else None
    return {"said": scrub(str(said))} if said else {}


def _told(error: BaseException) -> str:
    kind = type(error).__qualname__
    return kind if _is_of_database(error) else f"{kind}: {scrub(str(error))}"


def _is_of_database(error: BaseException) -> bool:
    return isinstance(error, SQLAlchemyError) or type(error).__module__.partition(".")[0] in {
        "psycopg",
        "sqlite3",
    }
