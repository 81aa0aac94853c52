"""Find a clinic."""

from flask import Blueprint

from portal.doors.entry import Entry, enter

bp = Blueprint("directory", __name__)


@bp.get("/")
@enter(Entry.PUBLIC)
def home() -> str:
    return ""


@bp.get("/clinics")
@enter(Entry.PUBLIC)
def clinics() -> str:
    return ""


@bp.get("/clinics/<slug>")
@enter(Entry.PUBLIC)
def clinic(slug: str) -> str:
    return slug
