"""Gathers towns from the most trusted source to the least; a later source adds what is missing and moves nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from portal.gateways.place_names import fold
from tools.places import sources
from tools.places.vote import AGREE_WITHIN_KM, Point, distance_km, elect
from tools.places.zips import Zip, placed_zips, town_points

CITY_FROM = 50_000
VILLAGE_BELOW = 1_000
SAME_TOWN_KM = 10.0
"""A post office this near a city may be its own under a former name; one further off may be a neighbour's."""


@dataclass(kw_only=True, eq=False)
class Town:
    """A town in the making."""

    name: str
    state: str
    point: Point
    population: int = 0
    also: set[str] = field(default_factory=set)
    zip: str = ""
    county: str = ""

    @property
    def kind(self) -> str:
        if self.population >= CITY_FROM:
            return "city"
        return "village" if self.state == "AK" and self.population < VILLAGE_BELOW else "town"


class Gathering:
    """Towns by every name they bear."""

    def __init__(self) -> None:
        self.towns: list[Town] = []
        self._by_name: dict[sources.Name, list[Town]] = {}

    def find(self, name: str, state: str) -> list[Town]:
        """Return the towns of a state that bear the name, first gathered first."""
        return self._by_name.get((fold(name), state), [])

    def add(self, town: Town) -> None:
        self.towns.append(town)
        self._by_name.setdefault((fold(town.name), town.state), []).append(town)

    def call(self, town: Town, name: str) -> None:
        """Let a town bear one more name, unless that is only another spelling of one it has."""
        if town not in self.find(name, town.state):
            town.also.add(name)
            self._by_name.setdefault((fold(name), town.state), []).append(town)

    def remove(self, town: Town) -> None:
        self.towns.remove(town)
        for name in (town.name, *town.also):
            self._by_name[fold(name), town.state].remove(town)


def gather_towns() -> list[Town]:
    """Return all towns, sorted by state and name, so that a change of one source is a small change of the file."""
    gathering = Gathering()
    _add_cities(gathering)
    _add_former_names(gathering)
    _add_postal_towns(gathering)
    _add_villages(gathering)
    _apply_overlay(gathering)
    _name_zips(gathering)
    _tell_namesakes_apart(gathering)
    return sorted(
        gathering.towns, key=lambda town: (town.state, fold(town.name), town.county, -town.population)
    )


def _add_cities(gathering: Gathering) -> None:
    for city in sources.cities():
        if not any(_near(town.point, city.point) for town in gathering.find(city.name, city.state)):
            gathering.add(
                Town(name=city.name, state=city.state, point=_confirmed(city), population=city.population)
            )


def _confirmed(city: sources.City) -> Point:
    """Move an Alaska city only where its airfield and its post office both say so."""
    if city.state != "AK":
        return city.point
    postal = [placed.point for placed in _by_town().get((fold(city.name), city.state), [])]
    return elect([city.point, *town_points((fold(city.name), city.state)), *postal[:1]]) or city.point


def _add_former_names(gathering: Gathering) -> None:
    """Believe an alternate name of GeoNames only where the post delivers under it, near that very city."""
    by_alternate: dict[sources.Name, list[sources.City]] = {}
    for city in sources.cities():
        for alternate in sorted(city.alternates):
            by_alternate.setdefault((alternate, city.state), []).append(city)
    for placed in placed_zips():
        for name in (placed.postal.town, *placed.postal.also):
            if not gathering.find(name, placed.postal.state):
                _call_nearest(
                    gathering,
                    name,
                    placed,
                    by_alternate.get((sources.squeeze(name), placed.postal.state), []),
                )


def _call_nearest(gathering: Gathering, name: str, placed: Zip, cities: Iterable[sources.City]) -> None:
    for city in cities:
        bearers = gathering.find(city.name, city.state)
        near = [town for town in bearers if distance_km(town.point, placed.point) <= SAME_TOWN_KM]
        if near:
            gathering.call(near[0], name)
            return


def _add_postal_towns(gathering: Gathering) -> None:
    for (_, state), zips in sorted(_by_town().items()):
        name = zips[0].postal.town
        if not gathering.find(name, state):
            point = elect([*(placed.point for placed in zips), *town_points((fold(name), state))])
            gathering.add(Town(name=name, state=state, point=point or zips[0].point))


def _add_villages(gathering: Gathering) -> None:
    for village, airfields in sources.alaska_airports().items():
        if not gathering.find(village, "AK"):
            gathering.add(Town(name=village, state="AK", point=airfields[0]))


def _apply_overlay(gathering: Gathering) -> None:
    for row in sources.overlay():
        known = list(dict.fromkeys(town for name in row.names for town in gathering.find(name, row.state)))
        merged = Town(
            name=row.name,
            state=row.state,
            point=row.point or known[0].point,
            population=max((town.population for town in known), default=0),
        )
        for town in known:
            gathering.remove(town)
        gathering.add(merged)
        for name in [*row.names, *(other for town in known for other in (town.name, *sorted(town.also)))]:
            gathering.call(merged, name)


def _name_zips(gathering: Gathering) -> None:
    """Give each town its main ZIP: the lowest in its name that has streets is downtown by the post's custom."""
    for (name, state), zips in sorted(_by_town().items()):
        for town in gathering.find(name, state):
            near = [placed.postal for placed in zips if _near(placed.point, town.point)]
            near.sort(key=lambda postal: (not postal.has_streets, postal.zip))
            town.zip = town.zip or next((postal.zip for postal in near), "")


def _tell_namesakes_apart(gathering: Gathering) -> None:
    """Give towns that share name and state their county; of those that share even that, keep the largest."""
    for state, name in sorted({(town.state, fold(town.name)) for town in gathering.towns}):
        namesakes = [town for town in gathering.find(name, state) if fold(town.name) == name]
        if len(namesakes) > 1:
            _set_counties(gathering, namesakes)


def _set_counties(gathering: Gathering, namesakes: list[Town]) -> None:
    zips = [
        placed
        for placed in placed_zips()
        if placed.postal.state == namesakes[0].state and placed.postal.county
    ]
    taken = set()
    for town in sorted(namesakes, key=lambda town: (-town.population, town.point)):
        town.county = min(zips, key=lambda placed: distance_km(placed.point, town.point)).postal.county
        if town.county in taken:
            gathering.remove(town)
        taken.add(town.county)


@cache
def _by_town() -> dict[sources.Name, list[Zip]]:
    zips: dict[sources.Name, list[Zip]] = {}
    for placed in placed_zips():
        zips.setdefault((fold(placed.postal.town), placed.postal.state), []).append(placed)
    return zips


def _near(one: Point, other: Point) -> bool:
    return distance_km(one, other) <= AGREE_WITHIN_KM
