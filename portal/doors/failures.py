"""What went wrong, sorted once for every door: whose fault it was, and what may be told of it."""

import logging
from dataclasses import dataclass
from uuid import uuid4

from flask import g
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from portal.domain.errors import NotAllowed, NotFound
from portal.doors.refusals import Refusal

LOG = logging.getLogger("portal.failures")
BROKEN = 500


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
    """Return the failure for any error, and log it when the portal is at fault or somebody plays."""
    found = Failure(status=_status(error), id=g.get("request_id") or uuid4().hex[:12], error=error)
    if found.broken:
        # A database error's text holds the values of the statement, and with them what a patient told.
        shown = type(error).__name__ if isinstance(error, DBAPIError) else error
        LOG.error("%s failed: %s", found.id, shown, exc_info=not isinstance(error, DBAPIError))
    if isinstance(error, Refusal):
        LOG.warning("%s refused: %s", found.id, error.reason)
    return found


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.code or BROKEN
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, NotAllowed) else BROKEN
