"""Nearest by WGS84 geodesic distance, exactly, for any number of points; ties by key."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from geopy.distance import geodesic

METRES_PER_KM = 1000.0
KM_PER_MILE = 1.609344

# The WGS84 ellipsoid: semi-major axis in metres and first eccentricity squared.
_A = 6378137.0
_E2 = 6.69437999014e-3
# One for all: a new one builds its ellipsoid anew, a quarter of the cost of an answer.
_GEODESIC = geodesic()
# A chord is never longer than the geodesic; a micrometre and a nanopart cover the rounding of both.
_SLACK_METRES = 1e-6
_SLACK_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Near:
    """One answer: a key and its geodesic distance."""

    key: str
    distance_km: float


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return the WGS84 geodesic distance between two points in degrees."""
    return float(_GEODESIC.measure((lat, lon), (to_lat, to_lon)))


class NearestIndex:
    """Answers which of a fixed set of points are nearest.

    The straight chord through the earth is a lower bound of the geodesic. Points are taken by chord, measured
    exactly, and given out once no untaken chord is shorter than what was measured.
    """

    def __init__(self, points: Iterable[tuple[str, float, float]]) -> None:
        """Keep points as (key, lat, lon) in degrees."""
        self._points = [(key, lat, lon, _ecef(lat, lon)) for key, lat, lon in points]

    def nearest(self, lat: float, lon: float) -> Iterator[Near]:
        """Yield every point, nearest first, ties by key; take as many as are wanted."""
        here = _ecef(lat, lon)
        waiting = [(math.dist(here, there), key, at, on) for key, at, on, there in self._points]
        heapify(waiting)
        measured: list[tuple[float, str]] = []
        while waiting or measured:
            while waiting and (not measured or _may_be_nearer(waiting[0][0], measured[0][0])):
                _chord, key, to_lat, to_lon = heappop(waiting)
                heappush(measured, (distance_km(lat, lon, to_lat, to_lon), key))
            km, key = heappop(measured)
            yield Near(key, km)


def _may_be_nearer(chord_metres: float, best_km: float) -> bool:
    return chord_metres <= best_km * METRES_PER_KM * (1 + _SLACK_SHARE) + _SLACK_METRES


def _ecef(lat: float, lon: float) -> tuple[float, float, float]:
    """Return earth-centred metres of a point on the ellipsoid."""
    phi, lam = math.radians(lat), math.radians(lon)
    n = _A / math.sqrt(1 - _E2 * math.sin(phi) ** 2)
    return n * math.cos(phi) * math.cos(lam), n * math.cos(phi) * math.sin(lam), n * (1 - _E2) * math.sin(phi)
