"""A thousand invented clinics and points to search from: crowded in Alaska, with poles, antimeridian and exact ties."""

import random
from dataclasses import replace
from pathlib import Path

from portal.cli import listing_file
from portal.config import ROOT
from portal.domain.listings import Listing

Point = tuple[float, float]
"""Degrees north and east."""

COUNT = 1_000
SHARED = 200
"""So many stand exactly where another one does."""
SHARED_POINTS = 50
SEED = 20261123

_EDGES: tuple[Point, ...] = (
    *((90.0, 0.0), (-90.0, 0.0), (90.0, 147.7), (89.9999, -30.0)),
    *((52.9, 180.0), (52.9, -180.0), (51.88, 179.999999), (51.88, -179.999999), (0.0, 180.0)),
)
"""The poles, and both sides of the antimeridian, which the Aleutians reach across."""
_BOXES: tuple[tuple[Point, Point, int], ...] = (
    ((54.0, -170.0), (71.5, -130.0), 5),
    ((25.0, -124.0), (49.0, -67.0), 3),
    ((-90.0, -180.0), (90.0, 180.0), 2),
)
"""South-west corner, north-east corner, weight: Alaska, the other states, the world."""


def points(count: int, *, seed: int) -> list[Point]:
    """Draw distinct points, always the same ones for a seed; the poles and the antimeridian come first."""
    chance = random.Random(seed)
    weights = [weight for _low, _high, weight in _BOXES]
    drawn = dict.fromkeys(_EDGES)
    while len(drawn) < count:
        [(low, high, _weight)] = chance.choices(_BOXES, weights)
        drawn[round(chance.uniform(low[0], high[0]), 6), round(chance.uniform(low[1], high[1]), 6)] = None
    return list(drawn)


def listings() -> list[Listing]:
    """Return the invented clinics, each like a real listing in all but its name and point."""
    like = next(each for each in listing_file.read(ROOT / "seeds" / "clinics.csv") if each.accepting)
    own = points(COUNT - SHARED, seed=SEED)
    where = own + random.Random(SEED).choices(own[:SHARED_POINTS], k=SHARED)
    # Mixed, so that those who share a point do not stand in the order of their names.
    random.Random(SEED).shuffle(where)
    return [
        replace(
            like,
            slug=f"example-{number:04}",
            name=f"Example Clinic {number:04}",
            network="Example",
            lat=lat,
            lon=lon,
        )
        for number, (lat, lon) in enumerate(where, start=1)
    ]


def write(path: Path) -> Path:
    """Write them as a file that `flask clinics import` reads."""
    path.write_text(listing_file.write(listings()))
    return path
