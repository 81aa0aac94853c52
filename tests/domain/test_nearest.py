"""Nearest is what measuring every point says, order included, wherever on the globe the points lie."""

from itertools import islice

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.domain.nearest import Near, NearestIndex, distance_km

Point = tuple[float, float]

# Corners that geometry goes wrong at: poles, both names of the antimeridian, the equator, antipodes.
CORNERS: list[Point] = [
    (90.0, 0.0),
    (90.0, 120.0),
    (-90.0, 0.0),
    (0.0, 180.0),
    (0.0, -180.0),
    (52.9, 173.2),
    (52.9, -173.2),
    (0.0, 0.0),
    (61.1905, -149.8842),
    (-61.1905, 30.1158),
]
globe = st.tuples(
    st.floats(-90, 90, allow_nan=False, allow_subnormal=False),
    st.floats(-180, 180, allow_nan=False, allow_subnormal=False),
)
points = st.one_of(st.sampled_from(CORNERS), globe)


def measured(here: Point, there: dict[str, Point]) -> list[Near]:
    """Measure every point and sort: slow, and plainly right."""
    return sorted((Near(key, distance_km(*here, *point)) for key, point in there.items()), key=by_distance)


def by_distance(near: Near) -> tuple[float, str]:
    return near.distance_km, near.key


def index(there: dict[str, Point]) -> NearestIndex:
    return NearestIndex((key, *point) for key, point in there.items())


@settings(max_examples=200, deadline=None)
@given(here=points, there=st.dictionaries(st.text("abc", min_size=1, max_size=3), points, max_size=8))
@example(here=(90.0, 0.0), there={"b": (0.0, 10.0), "a": (0.0, 100.0), "c": (0.0, -80.0)})
def test_the_index_gives_what_measuring_every_point_gives(here: Point, there: dict[str, Point]) -> None:
    assert list(index(there).nearest(*here)) == measured(here, there)


@settings(max_examples=100, deadline=None)
@given(here=points, point=points, keys=st.sets(st.text("abc", min_size=1), min_size=2, max_size=6))
def test_points_at_one_spot_come_by_key(here: Point, point: Point, keys: set[str]) -> None:
    found = index(dict.fromkeys(keys, point)).nearest(*here)
    assert [near.key for near in found] == sorted(keys)


@settings(max_examples=100, deadline=None)
@given(lat=st.floats(-80, 80), lon=st.floats(-90, 90), east=st.floats(0.001, 80))
def test_points_as_far_east_as_west_come_in_the_order_of_their_distances(
    lat: float, lon: float, east: float
) -> None:
    there = {"west": (lat, lon - east), "east": (lat, lon + east), "here": (lat, lon)}
    assert list(index(there).nearest(lat, lon)) == measured((lat, lon), there)


def test_a_neighbour_across_the_antimeridian_is_near() -> None:
    attu, adak = (52.9, 173.2), (51.9, -176.6)
    first, second = index({"adak": adak, "anchorage": (61.2, -149.9)}).nearest(*attu)
    assert (first.key, second.key) == ("adak", "anchorage")
    assert 690 < first.distance_km < 720


def test_distances_are_those_of_the_ellipsoid() -> None:
    quarter_meridian_km, equator_degree_km = 10001.965729, 111.319491
    assert round(distance_km(0, 0, 90, 0), 6) == quarter_meridian_km
    assert round(distance_km(0, 0, 0, 1), 6) == equator_degree_km


def test_the_nearest_few_can_be_taken_without_the_rest() -> None:
    there = {f"{lon:03}": (10.0, float(lon)) for lon in range(100)}
    assert [near.key for near in islice(index(there).nearest(10.0, 41.2), 3)] == ["041", "042", "040"]


def test_nothing_is_nearest_to_nothing() -> None:
    assert list(NearestIndex(()).nearest(61.2, -149.9)) == []
