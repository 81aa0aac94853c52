"""The directory as GeoJSON: the same clinics in the same order as the pages, nearest first."""

import json
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.api import clinic_query
from portal.api.clinic_query import FEW, MOST, ClinicQuery
from portal.api.openapi import Answer, documented, query
from portal.api.problems import problem
from portal.api.schemas import NUMBER, STRING
from portal.db import db
from portal.domain.errors import Unfit
from portal.domain.listings import Listing
from portal.domain.nearest import KM_PER_MILE
from portal.domain.offerings import Offered, in_order
from portal.domain.places import Ambiguous, Located, NotFound, Place, Precision
from portal.domain.vocabulary import OfferingCode
from portal.doors.entry import Entry, enter
from portal.doors.world import world
from portal.queries import directory
from portal.queries.directory import Found

GEOJSON = "application/geo+json"
PLAIN_FACTS = (
    "slug", "name", "network", "street", "city", "state", "zip", "zone", "phone", "hours", "website",
    "accepting", "accepting_note", "checked_by", "source",
)  # fmt: skip

bp = Blueprint("api_clinics", __name__)


def _degrees(most: int) -> dict[str, object]:
    return NUMBER | {"minimum": -most, "maximum": most}


@bp.get("/clinics")
@documented(
    "Clinics, nearest first",
    parameters=(
        query(
            "near", STRING | {"pattern": r"\S"}, "Town, village, ZIP code, or address in the United States"
        ),
        query("lat", _degrees(90), "WGS84 degrees north; with lon, instead of near"),
        query("lon", _degrees(180), "WGS84 degrees east; with lat, instead of near"),
        query("offering", {"enum": list(OfferingCode)}, "Only clinics that offer this"),
        query("accepting", {"enum": ["yes", "no"]}, "Only clinics that take referrals here, or that do not"),
        query(
            "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": FEW}, "How many at most"
        ),
    ),
    answers={
        200: Answer(
            means="Clinics by distance, or by name without a place. When the place may be several, "
            "`candidates` lists them and there are no features: ask again with a candidate's `key`",
            schema="Clinics",
            media_type=GEOJSON,
        )
    },
    refuses={400: "Parameters that cannot be used, each named", 404: "No table knows the place"},
)
@enter(Entry.PUBLIC)
def show_all() -> Response:
    try:
        asked = clinic_query.read(request.args)
    except Unfit as unfit:
        return problem(400, "Bad Request", detail="Some parameters cannot be used.", errors=unfit.problems)
    located = _located(asked)
    if isinstance(located, NotFound):
        said = "No table knows this place. Try a town with its state, a village, or a ZIP code"
        return problem(404, "Not Found", detail=f"{said}.", errors={"near": said})
    if isinstance(located, Ambiguous):
        candidates = [_place(candidate) for candidate in located.candidates]
        return _geojson(
            {"type": "FeatureCollection", "place": None, "candidates": candidates, "features": []}
        )
    found = directory.current(db.session()).near(
        located, offering=asked.offering, accepting=asked.accepting, limit=asked.limit or FEW
    )
    features = [_feature(each) for each in found]
    return _geojson({"type": "FeatureCollection", "place": located and _place(located), "features": features})


@bp.get("/clinics/<slug>")
@documented(
    "One clinic",
    answers={200: Answer(means="The clinic", schema="Clinic", media_type=GEOJSON)},
    refuses={404: "No clinic has this slug"},
)
@enter(Entry.PUBLIC)
def show_one(slug: str) -> Response:
    listing = directory.current(db.session()).find(slug)
    if listing is None:
        return problem(404, "Not Found", detail="No clinic has this slug.")
    return _geojson(_feature(Found(listing, None)))


def _located(asked: ClinicQuery) -> Located | None:
    if asked.near is not None:
        return world().locator.locate(asked.near)
    if asked.lat is None or asked.lon is None:
        return None
    point = f"{asked.lat},{asked.lon}"
    return Place(
        label=point, lat=asked.lat, lon=asked.lon, precision=Precision.POINT, source="the request", key=point
    )


def _geojson(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type=GEOJSON)


def _place(place: Place) -> dict[str, Any]:
    return {
        name: getattr(place, name)
        for name in ("label", "lat", "lon", "precision", "source", "key", "shortened")
    }


def _feature(found: Found) -> dict[str, Any]:
    listing, km = found.listing, found.distance_km
    return {
        "type": "Feature",
        "id": listing.slug,
        "geometry": _geometry(listing),
        "properties": {
            **{fact: getattr(listing, fact) for fact in PLAIN_FACTS},
            "offerings": [_offering(offered) for offered in listing.offerings],
            "checked_on": listing.checked_on.isoformat(),
            "url": world().settings.public_url + url_for("directory.clinic", slug=listing.slug),
            "distance_km": None if km is None else round(km, 3),
            "distance_mi": None if km is None else round(km / KM_PER_MILE, 3),
        },
    }


def _geometry(listing: Listing) -> dict[str, Any] | None:
    if listing.lat is None:
        return None
    return {"type": "Point", "coordinates": [listing.lon, listing.lat]}


def _offering(offered: Offered) -> dict[str, Any]:
    treats = offered.treats
    return {
        "code": offered.code,
        "conditions": list(in_order(treats.conditions)),
        "min_age": treats.min_age,
        "max_age": treats.max_age,
    }
