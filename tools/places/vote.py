"""Where sources disagree, most of them are right: the one rule by which every position in the tables is chosen."""

from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]

AGREE_WITHIN_KM = 25.0
"""Two sources that place a ZIP or town this near each other mean the same place."""


def distance_km(one: Point, other: Point) -> float:
    """Return the great-circle distance; to half a per cent, which is enough to tell agreement from error."""
    lat, other_lat = radians(one[0]), radians(other[0])
    half_lat, half_lon = (other_lat - lat) / 2, radians(other[1] - one[1]) / 2
    return 12_742 * asin(sqrt(sin(half_lat) ** 2 + cos(lat) * cos(other_lat) * sin(half_lon) ** 2))


def elect(candidates: Sequence[Point], *, also_heard: Iterable[Point] = ()) -> Point | None:
    """Return the first candidate, in order of trust, that half of all sources stand by, else the most supported.

    Points `also_heard` vote and are never chosen.
    """
    voters = [*candidates, *also_heard]
    support = {candidate: _count_near(candidate, voters) for candidate in candidates}
    trusted = (candidate for candidate in candidates if 2 * support[candidate] >= len(voters))
    return next(trusted, max(candidates, key=support.__getitem__, default=None))


def _count_near(point: Point, voters: Iterable[Point]) -> int:
    return sum(distance_km(point, voter) <= AGREE_WITHIN_KM for voter in voters)
