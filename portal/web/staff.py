"""The staff door."""

from flask import Blueprint

from portal.doors.entry import Entry, enter

bp = Blueprint("staff", __name__)


@bp.get("/staff")
@enter(Entry.MEMBER)
def door() -> str:
    return ""
