"""A geocoder over tables that came with the portal: nobody outside learns which place was looked for."""

import csv
import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.gateways.place_names import STATES, Reading, find_point, fold, readings, split_zip, tidy

MOST_SLIPS = 3
"""A name further off than this many letters is another name."""


class Town(NamedTuple):
    """One row of towns.csv; degrees are WGS84, and a population of 0 is an unknown one."""

    name: str
    state: str
    lat: float
    lon: float
    population: int
    kind: str
    zip: str | None
    county: str | None
    """Told only where the state has another town of that name."""

    @property
    def label(self) -> str:
        return ", ".join(filter(None, (self.name, self.county, STATES[self.state])))

    @property
    def key(self) -> str:
        return ", ".join(filter(None, (self.name, self.county, self.state)))


class Zip(NamedTuple):
    """One row of zips.csv."""

    zip: str
    town: str
    state: str
    lat: float
    lon: float

    @property
    def label(self) -> str:
        return f"{self.town}, {STATES[self.state]} {self.zip}"


class Gazetteer(Geocoder):
    """Answers ZIPs and towns from a folder of tables; of towns that share a name, those of `home_state` come first."""

    def __init__(self, folder: Path, *, home_state: str = "AK") -> None:
        Geocoder.__init__(self)
        manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
        self.edition: str = manifest["edition"]
        self.attribution: str = manifest["attribution"]
        self.source = f"gazetteer {self.edition}"
        self.home_state = home_state
        # Sorted lines, read where asked: as many objects would take five times the memory.
        self._zips = (folder / "zips.csv").read_text(encoding="utf-8").splitlines()[1:]
        self._towns: dict[str, list[Town]] = {}
        self._names_by_state: dict[str, list[str]] = {}
        for row in _rows(folder / "towns.csv"):
            self._add(_town(row), former_names=row[8].split("|"))

    def _add(self, town: Town, *, former_names: list[str]) -> None:
        for name in dict.fromkeys(fold(name) for name in (town.name, *former_names) if name):
            self._towns.setdefault(name, []).append(town)
            self._names_by_state.setdefault(town.state, []).append(name)

    def find_zip(self, code: str) -> Zip | None:
        """Return the five-digit ZIP; None if it is retired, military or nowhere."""
        at = bisect_left(self._zips, code)
        if at == len(self._zips) or not self._zips[at].startswith(f"{code},"):
            return None
        code, town, state, lat, lon = self._zips[at].split(",")
        return Zip(code, town, state, float(lat), float(lon))

    def towns(self, reading: Reading) -> list[Town]:
        """List the towns that bear exactly this name, in this state if it names one: home first, then by population."""
        bearers = self._towns.get(fold(reading.town), [])
        county = fold(reading.county or "")
        fitting = [town for town in bearers if reading.state in (None, town.state)]
        in_county = [town for town in fitting if county and fold(town.county or "") == county]
        return self._ordered(in_county or fitting)

    def largest_towns(self, state: str, *, limit: int) -> list[Town]:
        """List a state's towns by population."""
        names = self._names_by_state.get(state, [])
        return self._ordered({town for name in names for town in self._towns[name] if town.state == state})[
            :limit
        ]

    def similar_towns(self, reading: Reading, *, limit: int) -> list[Town]:
        """List towns whose names are a few slips of the pen away: near misses in the likely state, closer ones beyond."""
        name = fold(reading.town)
        likely_state = reading.state or self.home_state
        near = _similar(
            name, self._names_by_state.get(likely_state, []), slips=min(len(name) // 3, MOST_SLIPS)
        )
        far = _similar(name, list(self._towns), slips=min(len(name) // 4, MOST_SLIPS))
        found = [
            town for each in near for town in self._ordered(self._towns[each]) if town.state == likely_state
        ]
        found += [town for each in far for town in self._ordered(self._towns[each])]
        return list(islice(dict.fromkeys(found), limit))

    def _ordered(self, towns: Iterable[Town]) -> list[Town]:
        return sorted(
            towns, key=lambda town: (town.state != self.home_state, -town.population, town.state, town.lat)
        )

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Answer as every geopy geocoder does; it never waits, so `timeout` changes nothing."""
        del timeout
        found = [Location(label, point, {"source": self.source}) for label, point in self._exact(query)]
        if not found:
            return None
        return found[0] if exactly_one else found

    def _exact(self, query: str) -> list[tuple[str, tuple[float, float]]]:
        text = tidy(query)
        point = find_point(text)
        if point:
            return [(text, point)]
        code, rest = split_zip(text)
        row = self.find_zip(code) if code else None
        if row:
            return [(row.label, (row.lat, row.lon))]
        found = next(filter(None, (self.towns(reading) for reading in readings(rest))), [])
        return [(town.label, (town.lat, town.lon)) for town in found]


def _similar(name: str, names: list[str], *, slips: int) -> list[str]:
    """List names by how few slips (letters missed, added, swapped or wrong) lead to them."""
    return [
        found for found, *_ in process.extract(name, names, scorer=OSA.distance, score_cutoff=slips, limit=20)
    ]


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from islice(csv.reader(lines), 1, None)


def _town(row: list[str]) -> Town:
    name, state, lat, lon, population, kind, code, county, _ = row
    return Town(name, state, float(lat), float(lon), int(population or 0), kind, code or None, county or None)
