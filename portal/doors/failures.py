"""What went wrong, sorted once for every door: whose fault it was, and what may be told of it."""

from dataclasses import dataclass
from uuid import uuid4

from flask import g
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized

from portal.domain.errors import NotAllowed, NotFound
from portal.doors import logs
from portal.doors.refusals import Refusal

LOG = logs.logger("failures")
BROKEN = 500
REASONS: dict[type[Exception], str] = {
    CSRFError: "a form token that does not fit",
    NotAllowed: "may not do this",
    NotFound: "not there, or not theirs to know of",
    Unauthorized: "no good key",
}
"""What the log says of those who are refused without playing; too many requests are told where they are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """An error as a door tells it; `id` finds it in the log."""

    status: int
    id: str
    error: Exception

    @property
    def broken(self) -> bool:
        """Whether it is the portal's own fault."""
        return self.status >= BROKEN

    @property
    def headers(self) -> dict[str, str]:
        """What the error says beside its body: which methods an address takes, which key it wants."""
        said = self.error.get_headers() if isinstance(self.error, HTTPException) else []
        return {name: value for name, value in said if name.lower() != "content-type"}


def sort(error: Exception) -> Failure:
    """Return the failure for any error, and log it, once, when the portal is at fault or somebody is refused."""
    request_id = g.setdefault("request_id", uuid4().hex[:12])
    found = Failure(status=_status(error), id=request_id, error=error)
    if found.broken:
        LOG.error("failed", kind=type(error).__name__, exc_info=error)
    elif reason := _reason(error):
        logs.security("refused", reason=reason, status=found.status)
    return found


def _reason(error: Exception) -> str | None:
    return error.reason if isinstance(error, Refusal) else REASONS.get(type(error))


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.code or BROKEN
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, NotAllowed) else BROKEN
