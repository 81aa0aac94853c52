"""How much a stranger can make the portal read: the head of a request, its address and its fields are small.

The length of a body is bounded by MAX_BODY_BYTES; these bound what a short body or address can still cost.
"""

from flask import Flask, request

from portal.domain.reading import has_heaped_marks
from portal.doors.refusals import HeapedMarks, LongAddress, LongHead, ManyFields

HEAD_MOST_CHARS = 16 * 1024
"""All headers together; forty half-finished forms in one browser are 4,000."""
QUERY_MOST_BYTES = 16 * 1024
FIELDS_MOST = 100
"""The largest form has a dozen, and the queue has two dozen filters."""
FORM = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Refuse what no page of the portal would send."""
    app.config["MAX_FORM_PARTS"] = FIELDS_MOST
    app.before_request(_refuse_large)


def _refuse_large() -> None:
    if sum(len(name) + len(value) for name, value in request.headers) > HEAD_MOST_CHARS:
        raise LongHead
    if len(request.query_string) > QUERY_MOST_BYTES:
        raise LongAddress
    if _has_many(request.query_string) or (request.mimetype == FORM and _has_many(request.get_data())):
        raise ManyFields
    # Libraries compose emails and passwords before they look at their length.
    if any(has_heaped_marks(value) for _name, value in request.form.items(multi=True)):
        raise HeapedMarks


def _has_many(fields: bytes) -> bool:
    # Reading costs by the number of fields, not by their length, and Werkzeug counts only those of multipart forms.
    return fields.count(b"&") >= FIELDS_MOST
