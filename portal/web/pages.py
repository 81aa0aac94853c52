"""Plain pages."""

from flask import Blueprint

from portal.doors.entry import Entry, enter

bp = Blueprint("pages", __name__)


@bp.get("/for-patients")
@enter(Entry.PUBLIC)
def for_patients() -> str:
    return ""
