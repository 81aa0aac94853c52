"""How much a stranger can make the portal read: the head of a request, its address and its fields are small.

The length of a body is bounded by MAX_BODY_BYTES; these bound what a short body or address can still cost. A step of
a referral has rows, so it may bring more.
"""

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from portal.domain import intake
from portal.domain.files import MEBIBYTE
from portal.domain.reading import has_heaped_marks
from portal.doors.refusals import HeapedMarks, LongAddress, LongHead, ManyFields

HEAD_MOST_CHARS = 16 * 1024
"""All headers together; forty half-finished forms in one browser are 4,000."""
QUERY_MOST_BYTES = 16 * 1024
FIELDS_MOST = 100
"""The largest form without rows has five dozen, and the queue has two dozen filters."""
ROWS_FIELDS_MOST = FIELDS_MOST + max(
    sum(rows.most * len(rows.columns) for rows in step) for step in intake.STEP_ROWS.values()
)
"""Every row of a step, and as much beside them as any form has."""
ROWS_BODY_MOST_BYTES = MEBIBYTE
WITH_ROWS = frozenset({"intake.keep_step", "intake.keep_typed"})
"""Routes whose forms have rows, by endpoint."""
FORM = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Refuse what no page of the portal would send."""
    app.config["MAX_FORM_PARTS"] = FIELDS_MOST
    app.before_request(_refuse_large)


def brings_rows(app: Flask, method: str, path: str) -> bool:
    """Tell whether a request is for a form with rows, before the application has seen it."""
    if method != "POST":
        return False
    try:
        endpoint, _ = app.url_map.bind("").match(path, method)
    except HTTPException:
        return False
    return endpoint in WITH_ROWS


def _refuse_large() -> None:
    if sum(len(name) + len(value) for name, value in request.headers) > HEAD_MOST_CHARS:
        raise LongHead
    if len(request.query_string) > QUERY_MOST_BYTES:
        raise LongAddress
    if request.endpoint in WITH_ROWS:
        _widen()
    if _has_many(request.query_string, FIELDS_MOST) or _has_many(
        _form(), request.max_form_parts or FIELDS_MOST
    ):
        raise ManyFields
    # Libraries compose emails and passwords before they look at their length.
    if has_heaped_marks("\n".join(value for _name, value in request.form.items(multi=True))):
        raise HeapedMarks


def _widen() -> None:
    request.max_form_parts = ROWS_FIELDS_MOST
    most_bytes = max(ROWS_BODY_MOST_BYTES, current_app.config["MAX_CONTENT_LENGTH"])
    request.max_content_length = request.max_form_memory_size = most_bytes


def _form() -> bytes:
    return request.get_data() if request.mimetype == FORM else b""


def _has_many(fields: bytes, most: int) -> bool:
    # Reading costs by the number of fields, not by their length, and Werkzeug counts only those of multipart forms.
    return fields.count(b"&") >= most
