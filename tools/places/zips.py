"""Places every active ZIP, by the vote of all sources that know it or its town."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from portal.gateways.place_names import fold
from tools.places import sources
from tools.places.vote import Point, elect


@dataclass(frozen=True, kw_only=True)
class Zip:
    """A ZIP that could be placed, under the post's name for its town."""

    postal: sources.PostalZip
    point: Point


@cache
def placed_zips() -> list[Zip]:
    """Return the ZIPs that some source can place, in order; what no source knows is left out, never set to zero."""
    placed = ((postal, _place(postal)) for postal in sources.postal_zips())
    return [Zip(postal=postal, point=point) for postal, point in placed if point]


def _place(postal: sources.PostalZip) -> Point | None:
    town = town_points((fold(postal.town), postal.state))
    zips = [
        sources.geonames_zips().get(postal.zip),
        sources.census_zips().get(postal.zip),
        sources.uszipcode_zips().get(postal.zip),
    ]
    ranked = [*town, *zips] if _stands_in_town(postal) else [*zips, *town]
    heard = [sources.old_zips().get(postal.zip)]
    return elect(list(dict.fromkeys(filter(None, ranked))), also_heard=filter(None, heard))


def _stands_in_town(postal: sources.PostalZip) -> bool:
    """In Alaska, post boxes and the only ZIP of a town stand in the town; the ZIP's centre may be bare mountains."""
    is_only = _zip_counts()[fold(postal.town), postal.state] == 1
    return postal.state == "AK" and (is_only or not postal.has_streets)


@cache
def _zip_counts() -> Counter[sources.Name]:
    return Counter((fold(postal.town), postal.state) for postal in sources.postal_zips())


def town_points(name: sources.Name) -> list[Point]:
    """Return where the town of this folded name lies: its cities, what was placed by hand, then its first airfield."""
    names = sorted(_other_names().get(name, {name}))
    airfields = [point for each in names for point in _airport_points().get(each, [])[:1]]
    return [
        point for each in names for point in (*_city_points().get(each, []), *_hand_points().get(each, []))
    ] + airfields


@cache
def _other_names() -> dict[sources.Name, set[sources.Name]]:
    rows = ((row.state, {fold(name) for name in row.names}) for row in sources.overlay())
    return {(name, state): {(other, state) for other in names} for state, names in rows for name in names}


@cache
def _hand_points() -> dict[sources.Name, list[Point]]:
    return {(fold(row.name), row.state): [row.point] for row in sources.overlay() if row.point}


@cache
def _city_points() -> dict[sources.Name, list[Point]]:
    points: dict[sources.Name, list[Point]] = {}
    for city in sources.cities():
        points.setdefault((fold(city.name), city.state), []).append(city.point)
    return points


@cache
def _airport_points() -> dict[sources.Name, list[Point]]:
    return {(fold(village), "AK"): points for village, points in sources.alaska_airports().items()}
