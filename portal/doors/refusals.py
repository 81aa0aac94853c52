"""Requests that are not even looked at, each by its kind; what is logged of one is its kind, never what it brought."""

from typing import Any

from werkzeug.exceptions import HTTPException

WAIT_SECONDS = 60


class Refusal(HTTPException):
    """A request that no page of the portal makes."""

    reason = ""
    """What the log says of it."""


class WrongHost(Refusal):
    """It asked for another site."""

    code = 400
    reason = "asked for a host that is not ours"


class BrokenOff(Refusal):
    """Its body ends before its end, or is not made as HTTP wants it."""

    code = 400
    reason = "a body that breaks off"


class ManyFields(Refusal):
    """It has more fields than any form or address of ours."""

    code = 413
    reason = "more fields than any form has"


class HeapedMarks(Refusal):
    """A field holds more accents on one letter than any language writes."""

    code = 400
    reason = "accents heaped on one letter"


class Foreign(Refusal):
    """Another site made it, or would show its answer inside its own page."""

    code = 403
    reason = "made by another site"


class TooSlow(Refusal):
    """Its body comes too slowly to be waited for."""

    code = 408
    reason = "a body that comes too slowly"


class TooLarge(Refusal):
    """Its body is larger than any of ours."""

    code = 413
    reason = "a body that is too large"


class Busy(Refusal):
    """Its files would be more than the portal holds at a time."""

    code = 429
    reason = "more files at once than there is room for"

    def get_headers(self, *asked: Any, **more: Any) -> list[tuple[str, str]]:
        """Return what HTTP says of it: after how many seconds there may be room."""
        return [*super().get_headers(*asked, **more), ("Retry-After", str(WAIT_SECONDS))]


class LongAddress(Refusal):
    """Its address is longer than any of ours."""

    code = 414
    reason = "an address that is too long"


class LongHead(Refusal):
    """Its headers, cookies among them, are longer than any browser's of ours."""

    code = 431
    reason = "headers that are too long"
