"""Find a clinic: a search always answers, and never keeps a street address in its own address."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain.errors import NotFound as NoSuchClinic
from portal.domain.places import Ambiguous, Located, Place, Precision
from portal.doors.entry import Entry, enter
from portal.doors.world import world
from portal.queries import directory
from portal.queries.directory import Found
from portal.web import listing_words, search_words
from portal.web.forms import search
from portal.web.forms.search import Search

bp = Blueprint("directory", __name__)

ON_THE_FIRST_PAGE = 6


@bp.get("/")
@enter(Entry.PUBLIC)
def home() -> str:
    found = directory.current(db.session()).near(None, limit=ON_THE_FIRST_PAGE + 1)
    return render_template(
        "directory/home.html",
        clinics=[listing_words.entry(each) for each in found[:ON_THE_FIRST_PAGE]],
        has_more=len(found) > ON_THE_FIRST_PAGE,
    )


@bp.get("/clinics")
@enter(Entry.PUBLIC)
def clinics() -> ResponseReturnValue:
    asked = search.read(request.args)
    located = _located(asked)
    kept = _kept(asked, located)
    if kept:
        return redirect(url_for(".clinics", **kept, **asked.filters()))
    found = _found(asked, located)
    place = located if isinstance(located, Place) else None
    return render_template(
        "directory/clinics.html",
        asked=asked,
        said=search_words.said(asked, located),
        others=search_words.choices(asked, world().locator.others(place)) if place else (),
        clinics=[listing_words.entry(each) for each in found[: asked.show]],
        more_url=search_words.more_url(asked) if len(found) > asked.show else None,
        filters=search_words.FILTERS,
    )


@bp.get("/clinics/<slug>")
@enter(Entry.PUBLIC)
def clinic(slug: str) -> str:
    listing = directory.current(db.session()).find(slug)
    if listing is None:
        raise NoSuchClinic
    located = _located(search.read(request.args))
    place = located if isinstance(located, Place) else None
    return render_template(
        "directory/clinic.html",
        clinic=listing_words.entry(directory.measured(listing, place)),
        place=place,
    )


def _located(asked: Search) -> Located | None:
    locator = world().locator
    if asked.near:
        return locator.locate(asked.near)
    places = list(_known(map(locator.locate, asked.among)))
    return Ambiguous(typed="", candidates=tuple(places), exact=True) if places else None


def _known(found: Iterable[Located]) -> Iterator[Place]:
    """Yield places up to the first that is none: our links name only places, and a guess compares with every name."""
    for each in found:
        if not isinstance(each, Place):
            return
        yield each


def _kept(asked: Search, located: Located | None) -> dict[str, Any]:
    """Return what may stay in the address of something more exact; nothing when all of it may."""
    match located:
        case Place(shortened=True):
            return {"near": located.key, "shortened": 1}
        case Place(precision=Precision.POINT) if located.key != asked.near:
            return {"near": located.key}
        case Ambiguous() if any(place.shortened for place in located.candidates):
            return {"among": [place.key for place in located.candidates], "shortened": 1}
    return {}


def _found(asked: Search, located: Located | None) -> list[Found]:
    # What may be two places is chosen first: a list for the wrong one would be read as an answer.
    if isinstance(located, Ambiguous) and located.exact:
        return []
    return directory.current(db.session()).near(
        located if isinstance(located, Place) else None,
        offering=asked.offering,
        accepting=asked.accepting,
        limit=asked.show + 1,
    )
