"""Send a referral."""

from flask import Blueprint

from portal.doors.entry import Entry, enter

bp = Blueprint("intake", __name__)


@bp.get("/refer")
@enter(Entry.PUBLIC)
def start() -> str:
    return ""
