"""Nearest by our index against brute force: the same ten in the same order, from everywhere; and what each costs."""

import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from geopy.distance import geodesic

from bench import clinics, figures
from bench.clinics import Point
from bench.crew import leave_the_end_to_others
from portal.domain.nearest import NearestIndex

FIRST = 10
measure_km: Callable[[Point, Point], float] = geodesic().measure
"""One for all pairs: a `geodesic(a, b)` for each computes the same, and builds its ellipsoid anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What both said from one point, and how long they took."""

    same: bool
    index_seconds: float
    brute_seconds: float


@dataclass(frozen=True, slots=True)
class Race:
    """Both, over the same clinics."""

    where: Sequence[tuple[str, float, float]]
    """Slug, degrees north and east."""
    index: NearestIndex

    def run(self, point: Point) -> Answer:
        """Ask both from one point."""
        started = time.perf_counter()
        nearest = self.index.nearest(*point)
        quick = [next(nearest).key for _ in range(FIRST)]
        half = time.perf_counter()
        measured = sorted((measure_km(point, (lat, lon)), slug) for slug, lat, lon in self.where)
        slow = [slug for _km, slug in measured[:FIRST]]
        return Answer(
            same=quick == slow, index_seconds=half - started, brute_seconds=time.perf_counter() - half
        )


def run(*, points: int) -> list[str]:
    """Compare from many points on every core; return what was wrong."""
    where = [(each.slug, each.lat or 0.0, each.lon or 0.0) for each in clinics.listings()]
    race = Race(where, NearestIndex(where))
    asked = clinics.points(points, seed=clinics.SEED + 1)
    cores = len(os.sched_getaffinity(0))
    with multiprocessing.get_context("fork").Pool(cores, initializer=leave_the_end_to_others) as pool:
        answers = pool.map(race.run, asked, chunksize=20)
    different = sum(not answer.same for answer in answers)
    print(told(answers, different), flush=True)
    return [f"the first {FIRST} differ from brute force at {different:,} points"] if different else []


def told(answers: Sequence[Answer], different: int) -> str:
    """Write how often they differ and what they cost."""
    shares = [answer.index_seconds / answer.brute_seconds for answer in answers]
    index_ms = median(answer.index_seconds for answer in answers) * 1000
    brute_ms = median(answer.brute_seconds for answer in answers) * 1000
    return "\n".join(
        (
            f"\nTime for the nearest {FIRST} of {clinics.COUNT:,} clinics, as a share of brute force by WGS84 geodesic",
            f"({len(answers):,} points, with poles, antimeridian and {clinics.SHARED} clinics where another one is)",
            f"{different:8,} answers differ in content or order",
            "   share   (middle half)       each",
            f"{1:8.3f} {'':>15} {brute_ms:7,.1f} ms   geopy's geodesic to every clinic, sorted, ties by slug",
            f"{figures.spread(shares)} {index_ms:7,.1f} ms   portal.domain.nearest.NearestIndex",
        )
    )
