"""Turns what a person typed into a place. What could mean two places is asked back, and a slip is never corrected silently."""

from dataclasses import replace

from geopy.distance import great_circle

from portal.domain.places import Ambiguous, Located, NotFound, Place, Precision
from portal.gateways.gazetteer import Gazetteer, Town, Zip
from portal.gateways.place_names import (
    LONGEST_QUERY,
    Reading,
    believable_readings,
    find_point,
    find_state,
    readings,
    split_leading_zip,
    split_zip,
    street_readings,
    tidy,
)

MOST_CANDIDATES = 10
ZIP_NEAR_TOWN_KM = 80
"""Within this, a ZIP and the town written beside it agree: mail for a village may go through the next one."""
FAMOUS_FROM = 100_000
"""A namesake this populous, and ten times the home state's town, may well be the one that was meant."""


class Locator:
    """Answers from a gazetteer. A bare name that one town of the home state bears means that town, except beside a
    famous namesake (Houston); every other shared name (Washington, Springfield) is asked back."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    @property
    def attribution(self) -> str:
        """What the tables' licences ask a page to show."""
        return self._gazetteer.attribution

    def locate(self, text: str) -> Located:
        """Understand a ZIP, town, village, street address or "lat,lon"; never raises, and answers in milliseconds."""
        typed, tidied = text[:LONGEST_QUERY], tidy(text)
        point = find_point(tidied)
        if point:
            return _own_place(point)
        code, rest = split_zip(tidied)
        if code:
            return self._locate_zip(typed, code, rest)
        return self._zip_before_town(tidied) or self._locate_town(typed, tidied)

    def others(self, place: Place) -> tuple[Place, ...]:
        """List the other towns that bear this one's name, for who meant one of them; none for a ZIP or a point."""
        if place.precision is not Precision.TOWN:
            return ()
        reading = next(readings(place.key))
        namesakes = self._gazetteer.towns(Reading(town=reading.town))
        return tuple(self._town_place(town) for town in namesakes if town.key != place.key)[:MOST_CANDIDATES]

    def _locate_zip(self, typed: str, code: str, rest: str) -> Located:
        row = self._gazetteer.find_zip(code)
        if row is None:
            return _shortened(self._locate_town(typed, rest)) if rest else NotFound(typed=typed)
        place = self._zip_place(row)
        if not rest or find_state(rest) == row.state:
            return place
        understood = self._understand(rest)
        if understood is None:
            states = {find_state(rest), *(reading.state for reading in readings(rest))} - {None, row.state}
            return _shortened(Ambiguous(typed=typed, candidates=(place,), exact=False) if states else place)
        reading, towns = understood
        if any(_agree(row, town) for town in towns):
            return _shortened(place) if reading.before else place
        named = (self._town_place(town) for town in towns)
        found = Ambiguous(typed=typed, candidates=(place, *named)[:MOST_CANDIDATES], exact=True)
        return _shortened(found) if reading.before else found

    def _zip_before_town(self, text: str) -> Place | None:
        """Read "99701 Fairbanks" as its ZIP, but "99701 Old Road" as a house number."""
        code, rest = split_leading_zip(text)
        row = self._gazetteer.find_zip(code) if code else None
        understood = self._understand(rest) if row else None
        if row is None or understood is None or understood[0].before:
            return None
        return self._zip_place(row) if any(_agree(row, town) for town in understood[1]) else None

    def _locate_town(self, typed: str, text: str) -> Located:
        understood = self._understand(text)
        if understood is None:
            return self._guess(typed, text)
        reading, towns = understood
        meant = self._meant(towns)
        places = tuple(self._town_place(town) for town in (meant or towns))[:MOST_CANDIDATES]
        found = places[0] if len(places) == 1 else Ambiguous(typed=typed, candidates=places, exact=True)
        return _shortened(found) if reading.before else found

    def _understand(self, text: str) -> tuple[Reading, list[Town]] | None:
        """Return the first reading whose town exists, with the towns of that name."""
        for reading in believable_readings(text):
            towns = self._gazetteer.towns(reading)
            if towns:
                return reading, towns
        for reading in (short for long in readings(text) for short in street_readings(long)):
            towns = self._gazetteer.towns(reading)
            # "Main Street" ends like a town of Maryland: without a state, only the home state's towns are read so.
            if towns and (reading.state or towns[0].state == self._gazetteer.home_state):
                return reading, towns
        return None

    def _meant(self, towns: list[Town]) -> list[Town]:
        """Return the one town of the home state that the name means; nothing when that is not sure."""
        home = [town for town in towns if town.state == self._gazetteer.home_state]
        if len(home) != 1:
            return []
        largest = max(town.population for town in towns)
        is_famous = largest >= FAMOUS_FROM and largest >= 10 * home[0].population
        return [] if is_famous else home

    def _guess(self, typed: str, text: str) -> Located:
        """Offer what may have been meant: towns of that name in other states, then names that look alike."""
        state = find_state(text)
        guesses = self._gazetteer.largest_towns(state, limit=MOST_CANDIDATES) if state else []
        sure = sorted(believable_readings(text), key=lambda reading: reading.state is None)
        for reading in sure[:1] if not guesses else []:
            guesses = self._gazetteer.towns(Reading(town=reading.town))
            guesses = [*guesses, *self._gazetteer.similar_towns(reading, limit=MOST_CANDIDATES)]
        if not guesses:
            return NotFound(typed=typed)
        places = tuple(self._town_place(town) for town in dict.fromkeys(guesses))[:MOST_CANDIDATES]
        found = Ambiguous(typed=typed, candidates=places, exact=False)
        return _shortened(found) if sure and sure[0].before else found

    def _zip_place(self, row: Zip) -> Place:
        return Place(
            label=row.label,
            lat=row.lat,
            lon=row.lon,
            precision=Precision.ZIP,
            source=self._gazetteer.source,
            key=row.zip,
            kind="ZIP code area",
            zip=row.zip,
            state=row.state,
        )

    def _town_place(self, town: Town) -> Place:
        return Place(
            label=town.label,
            lat=town.lat,
            lon=town.lon,
            precision=Precision.TOWN,
            source=self._gazetteer.source,
            key=town.key,
            kind=town.kind,
            zip=town.zip,
            state=town.state,
        )


def _own_place(point: tuple[float, float]) -> Place:
    lat, lon = point
    return Place(
        label=f"{lat:.2f}, {lon:.2f}",
        lat=lat,
        lon=lon,
        precision=Precision.POINT,
        source="as typed",
        key=f"{lat:.2f},{lon:.2f}",
        kind="your location",
    )


def _shortened(found: Located) -> Located:
    """Say of every place found that something more exact was typed."""
    if isinstance(found, Place):
        return replace(found, shortened=True)
    if isinstance(found, Ambiguous):
        return replace(found, candidates=tuple(replace(place, shortened=True) for place in found.candidates))
    return found


def _agree(row: Zip, town: Town) -> bool:
    apart = great_circle((row.lat, row.lon), (town.lat, town.lon))
    return row.state == town.state and bool(apart.km <= ZIP_NEAR_TOWN_KM)
