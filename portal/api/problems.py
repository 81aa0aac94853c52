"""Errors of the JSON door as RFC 9457 problem details; each names every wrong field at once."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.exceptions import HTTPException

from portal.doors.failures import Failure

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    title: str,
    *,
    detail: str = "",
    errors: Mapping[str, str] | None = None,
    **extra: object,
) -> Response:
    """Return a problem; `errors` maps the dotted name of a field or parameter to what is wrong with it."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = [{"name": name, "message": said} for name, said in errors.items()]
    return Response(json.dumps(body | extra), status, content_type=MEDIA_TYPE)


def page(failure: Failure) -> Response:
    """Return the problem for a failure that no view answered itself."""
    said = failure.error.description if isinstance(failure.error, HTTPException) else None
    title = HTTPStatus(failure.status).phrase
    return problem(failure.status, title, detail=said or "", instance=f"urn:request:{failure.id}")
