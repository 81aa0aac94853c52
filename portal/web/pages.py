"""Plain pages: what a patient can do, where the listings come from, what is kept, and how the pages are made to be used."""

from flask import Blueprint, render_template

from portal.doors.entry import Entry, enter
from portal.doors.world import world

bp = Blueprint("pages", __name__)


@bp.get("/for-patients")
@enter(Entry.PUBLIC)
def for_patients() -> str:
    return render_template("pages/for_patients.html")


@bp.get("/about")
@enter(Entry.PUBLIC)
def about() -> str:
    return render_template("pages/about.html", attribution=world().locator.attribution)


@bp.get("/privacy")
@enter(Entry.PUBLIC)
def privacy() -> str:
    settings = world().settings
    return render_template(
        "pages/privacy.html", link_days=settings.status_link_days, draft_days=settings.draft_days
    )


@bp.get("/accessibility")
@enter(Entry.PUBLIC)
def accessibility() -> str:
    return render_template("pages/accessibility.html")
