"""Follow a referral."""

from flask import Blueprint

from portal.doors.entry import Entry, enter

bp = Blueprint("tracking", __name__)


@bp.get("/status")
@enter(Entry.PUBLIC)
def find() -> str:
    return ""
