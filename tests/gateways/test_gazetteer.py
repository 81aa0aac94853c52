"""The bundled tables behind geopy's own contract."""

from pathlib import Path

import pytest
from geopy.distance import geodesic
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from hypothesis import given
from hypothesis import strategies as st

from portal.gateways.gazetteer import Gazetteer
from portal.gateways.place_names import Reading

GAZETTEER = Gazetteer(Path("seeds/places"))


def test_it_stands_in_for_any_geopy_geocoder() -> None:
    assert isinstance(GAZETTEER, Geocoder)


def test_exactly_one_answer_is_a_location() -> None:
    found = GAZETTEER.geocode("Utqiagvik, AK")
    assert isinstance(found, Location)
    assert geodesic(found.point, (71.29, -156.79)).km < 5


def test_all_answers_are_a_list() -> None:
    found = GAZETTEER.geocode("Springfield", exactly_one=False)
    assert isinstance(found, list)
    assert len(found) > 10
    assert found[0].address == "Springfield, Missouri"


def test_no_answer_is_none_in_both_forms() -> None:
    assert GAZETTEER.geocode("qwerty") is None
    assert GAZETTEER.geocode("qwerty", exactly_one=False) is None


def test_a_timeout_may_be_given_and_changes_nothing() -> None:
    assert GAZETTEER.geocode("99503", timeout=1) == GAZETTEER.geocode("99503")


def test_an_address_is_answered_by_its_zip() -> None:
    found = GAZETTEER.geocode("3210 Denali St Unit 4, Anchorage, AK 99503")
    assert isinstance(found, Location)
    assert found.address == "Anchorage, Alaska 99503"


def test_degrees_are_answered_as_they_are() -> None:
    found = GAZETTEER.geocode("61.2181,-149.9003")
    assert isinstance(found, Location)
    assert (found.latitude, found.longitude) == (61.2181, -149.9003)


@given(st.text(max_size=300))
def test_any_text_is_answered_as_geopy_promises(text: str) -> None:
    found = GAZETTEER.geocode(text, exactly_one=False)
    assert found is None or all(isinstance(each, Location) for each in found)


@pytest.mark.parametrize(
    ("code", "town"), [("99503", "Anchorage"), ("00501", "Holtsville"), ("99950", "Ketchikan")]
)
def test_a_zip_has_its_town(code: str, town: str) -> None:
    found = GAZETTEER.find_zip(code)
    assert found is not None
    assert found.town == town


@pytest.mark.parametrize("code", ["00000", "99999", "88888", "09001", "96201", "9950", "9950,"])
def test_a_zip_that_is_nowhere_is_not_found(code: str) -> None:
    assert GAZETTEER.find_zip(code) is None


def test_towns_of_the_home_state_come_first_then_by_population() -> None:
    bethels = GAZETTEER.towns(Reading(town="Bethel"))
    assert bethels[0].state == "AK"
    populations = [town.population for town in bethels[1:]]
    assert populations == sorted(populations, reverse=True)


def test_another_network_has_another_home() -> None:
    at_home_in_maine = Gazetteer(Path("seeds/places"), home_state="ME")
    assert at_home_in_maine.towns(Reading(town="Bethel"))[0].state == "ME"


def test_a_county_tells_namesakes_of_one_state_apart() -> None:
    found = GAZETTEER.towns(Reading(town="San Carlos", state="AZ", county="Gila County"))
    assert [town.key for town in found] == ["San Carlos, Gila County, AZ"]


def test_a_county_nobody_knows_does_not_hide_the_town() -> None:
    found = GAZETTEER.towns(Reading(town="Fort Yukon", state="AK", county="Yukon-Koyukuk Census Area"))
    assert [town.key for town in found] == ["Fort Yukon, AK"]


def test_the_largest_towns_of_a_state_are_listed() -> None:
    assert [town.name for town in GAZETTEER.largest_towns("AK", limit=3)] == [
        "Anchorage",
        "Fairbanks",
        "Juneau",
    ]


def test_it_says_what_it_is_made_of() -> None:
    assert GAZETTEER.source == f"gazetteer {GAZETTEER.edition}"
    assert "GeoNames" in GAZETTEER.attribution
