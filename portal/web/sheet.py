"""The sheet that a patient takes to a doctor, and the short link on it; both are public and hold nothing about anybody."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain.errors import NotFound
from portal.domain.listings import Listing
from portal.doors.entry import Entry, enter
from portal.doors.world import world
from portal.queries import directory
from portal.web import listing_words, qr
from portal.web.qr import Code

ID_MOST = 2**31 - 1
SEE_OTHER, GONE = 303, 404

bp = Blueprint("sheet", __name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortLink:
    """The way from paper to the form: to follow, to type, and to scan."""

    url: str
    typed: str
    """Without its scheme, which nobody types."""
    code: Code


@bp.get("/clinics/<slug>/ask")
@enter(Entry.PUBLIC)
def ask(slug: str) -> ResponseReturnValue:
    listing = directory.current(db.session()).find(slug)
    if listing is None:
        raise NotFound
    if not listing.accepting:
        # The clinic's page says so, and a sheet would lead a doctor to nothing.
        return redirect(url_for("directory.clinic", slug=slug), SEE_OTHER)
    return render_template(
        "directory/ask.html",
        clinic=listing_words.entry(directory.measured(listing, None)),
        link=_short_link(listing),
    )


@bp.get(f"/c/<int(max={ID_MOST}):number>")
@enter(Entry.PUBLIC)
def follow(number: int) -> ResponseReturnValue:
    listing = directory.find_by_number(db.session(), number)
    if listing is None or not listing.accepting:
        return render_template("directory/no_clinic.html", clinic=listing), GONE
    return redirect(url_for("gate.start", clinic=listing.slug), SEE_OTHER)


def _short_link(listing: Listing) -> ShortLink:
    path = url_for("sheet.follow", number=directory.get_number(db.session(), listing.slug))
    url = f"{world().settings.public_url.rstrip('/')}{path}"
    return ShortLink(url=url, typed=url.partition("://")[2], code=qr.code(url))
