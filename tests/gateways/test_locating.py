"""What a person types, and the place, the question or the honest miss that comes back."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.places import Ambiguous, Located, NotFound, Place, Precision
from portal.gateways.gazetteer import Gazetteer
from portal.gateways.geocoder import Locator

GAZETTEER = Gazetteer(Path("seeds/places"))
LOCATOR = Locator(GAZETTEER)


def found(text: str) -> Place:
    place = LOCATOR.locate(text)
    assert isinstance(place, Place), place
    return place


def asked(text: str) -> Ambiguous:
    question = LOCATOR.locate(text)
    assert isinstance(question, Ambiguous), question
    return question


def labels(question: Ambiguous) -> list[str]:
    return [place.label for place in question.candidates]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("99503", "99503"),
        ("99762-1234", "99762"),
        ("  99701\n", "99701"),
        ("99701 Fairbanks", "99701"),
        ("Fairbanks, AK 99701", "99701"),
        ("Homer, Alaska, 99603, USA", "99603"),
        ("AK 99503", "99503"),
        ("Utqiaġvik", "Utqiaġvik, AK"),
        ("Utqiagvik", "Utqiaġvik, AK"),
        ("Barrow, Alaska", "Utqiaġvik, AK"),
        ("Coeur d’Alene", "Coeur d'Alene, ID"),
        ("COEUR D'ALENE IDAHO", "Coeur d'Alene, ID"),
        ("Anchorage KY", "Anchorage, KY"),
        ("St. Paul AK", "St. Paul, AK"),
        ("saint paul alaska", "St. Paul, AK"),
        ("Ft. Yukon", "Fort Yukon, AK"),
        ("St. Mary’s", "St. Mary's, AK"),
        ("Andreafsky", "St. Mary's, AK"),
        ("Mc Grath", "McGrath, AK"),
        ("Little Diomede", "Diomede, AK"),
        ("New York, NY", "New York City, NY"),
        ("Washington DC", "Washington, DC"),
        ("San Carlos, CA", "San Carlos, CA"),
        ("Fort Yukon, Yukon-Koyukuk Census Area, Alaska", "Fort Yukon, AK"),
    ],
)
def test_a_clear_place_is_understood(typed: str, key: str) -> None:
    place = found(typed)
    assert place.key == key
    assert not place.shortened


@pytest.mark.parametrize(
    "name", ["Anchorage", "Fairbanks", "Bethel", "Nome", "Hope", "Eagle", "Sterling", "Barrow"]
)
def test_a_bare_name_means_the_one_town_at_home(name: str) -> None:
    assert found(name).state == "AK"


def test_a_famous_namesake_is_not_passed_over_for_a_small_town_at_home() -> None:
    assert labels(asked("Houston"))[:2] == ["Houston, Alaska", "Houston, Texas"]


def test_attu_lies_beyond_the_date_line() -> None:
    assert found("Attu").lon == pytest.approx(173, abs=1)


def test_a_place_says_what_it_is() -> None:
    zip_area, village = found("99503"), found("Attu")
    assert (zip_area.precision, zip_area.kind, zip_area.state) == (Precision.ZIP, "ZIP code area", "AK")
    assert zip_area.label == "Anchorage, Alaska 99503"
    assert (village.precision, village.kind, village.label) == (Precision.TOWN, "village", "Attu, Alaska")
    assert found("Anchorage").zip == "99501"
    assert village.source == GAZETTEER.source


def test_own_position_is_kept_exact_and_named_roughly() -> None:
    here = found("61.2181, -149.9003")
    assert (here.lat, here.lon, here.key) == (61.2181, -149.9003, "61.22,-149.90")
    assert (here.precision, here.kind) == (Precision.POINT, "your location")


@pytest.mark.parametrize("typed", ["0,0", "0.0, -0.001", "91,5", "5,181"])
def test_a_point_that_is_nowhere_is_not_found(typed: str) -> None:
    assert LOCATOR.locate(typed) == NotFound(typed=typed)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("3210 Denali St Unit 4, Anchorage, AK 99503", "99503"),
        ("3210 Denali St Unit 4, Anchorage, AK", "Anchorage, AK"),
        ("3210 Denali St Anchorage AK", "Anchorage, AK"),
        ("3210 Denali St, Anchorage", "Anchorage, AK"),
        ("3210 Denali St Anchorage", "Anchorage, AK"),
        ("1929 Airport Way Suite B, Fairbanks, AK 99701, USA", "99701"),
        ("12345 Old Glenn Hwy, Eagle River, AK", "Eagle River, AK"),
        ("99701 Old Steese Hwy, Fairbanks, AK", "Fairbanks, AK"),
        ("PO Box 12 Bethel AK", "Bethel, AK"),
        ("12 Elm St, Anchorage, AK 99999", "Anchorage, AK"),
    ],
)
def test_an_address_is_cut_to_its_zip_or_town_and_says_so(address: str, key: str) -> None:
    place = found(address)
    assert place.key == key
    assert place.shortened
    assert not {"Denali", "Airport", "Elm", "Glenn", "Steese", "Box"} & set(
        f"{place.key} {place.label}".split()
    )


def test_a_misspelt_town_of_an_address_is_asked_back_without_the_street() -> None:
    question = asked("12 Elm St, Ankorage, AK")
    assert labels(question)[0] == "Anchorage, Alaska"
    assert question.candidates[0].shortened


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Springfield", "Springfield, Missouri"),
        ("Washington", "Washington, District of Columbia"),
        ("San Carlos", "San Carlos, California"),
    ],
)
def test_a_shared_name_is_asked_back_by_population(typed: str, first: str) -> None:
    question = asked(typed)
    assert question.exact
    assert labels(question)[0] == first
    assert 1 < len(question.candidates) <= 10
    assert len(set(labels(question))) == len(question.candidates)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Ankorage", "Anchorage, Alaska"),
        ("Fairbnks AK", "Fairbanks, Alaska"),
        ("Bethal", "Bethel, Alaska"),
        ("Wassila", "Wasilla, Alaska"),
        ("Kotzbue, Alaska", "Kotzebue, Alaska"),
        ("Fairbanks KY", "Fairbanks, Alaska"),
        ("Alaska", "Anchorage, Alaska"),
    ],
)
def test_what_is_not_quite_a_place_is_guessed_and_never_picked(typed: str, first: str) -> None:
    question = asked(typed)
    assert not question.exact
    assert labels(question)[0] == first


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        ("Fairbanks, AK 99503", ["Anchorage, Alaska 99503", "Fairbanks, Alaska"]),
        ("Vancouver, WA 97201", ["Portland, Oregon 97201", "Vancouver, Washington"]),
        ("Anchorage KY 99503", ["Anchorage, Alaska 99503", "Anchorage, Kentucky"]),
    ],
)
def test_a_zip_and_a_town_that_disagree_are_asked_back(typed: str, both: list[str]) -> None:
    assert labels(asked(typed)) == both


def test_a_zip_in_another_state_than_written_is_asked_back() -> None:
    assert labels(asked("12 Elm St, KY 99503")) == ["Anchorage, Alaska 99503"]


@pytest.mark.parametrize(
    "typed",
    [
        *("09001", "96201", "88888", "00000", "99999", "907-555-0123"),
        *("qwerty", "hello there", "12 Main Street", "Paris, France", "London, Ontario"),
        *("", "   ", "\x00\x01", "😀", "<script>alert(1)</script>", "'; drop table x;--"),
    ],
)
def test_what_no_table_knows_is_an_honest_miss(typed: str) -> None:
    assert LOCATOR.locate(typed) == NotFound(typed=typed)


def test_a_text_too_long_for_a_place_is_not_read_and_not_echoed_whole() -> None:
    missed = LOCATOR.locate("x" * 10_000 + ", Anchorage, AK")
    assert isinstance(missed, NotFound)
    assert len(missed.typed) == 200


def test_control_characters_inside_a_name_are_only_gaps() -> None:
    assert found("Fort\x00\tYukon\u200b").key == "Fort Yukon, AK"


def test_namesakes_are_offered_to_who_meant_another_place() -> None:
    others = LOCATOR.others(found("Bethel"))
    assert others[0].label == "Bethel, Connecticut"
    assert "AK" not in {place.state for place in others}


def test_a_zip_and_an_own_position_have_no_namesakes() -> None:
    assert LOCATOR.others(found("99503")) == LOCATOR.others(found("61.22,-149.90")) == ()


def places_in(answer: Located) -> tuple[Place, ...]:
    return (answer,) if isinstance(answer, Place) else getattr(answer, "candidates", ())


@given(st.text() | st.from_regex(r"[A-Za-z0-9 ,.'-]{0,40}(AK|Alaska)? ?(\d{5})?", fullmatch=True))
@example("1 2, 3 AK")
@example("99503 99503")
@example(", , AK")
def test_any_text_is_answered_and_every_key_leads_back(text: str) -> None:
    for place in places_in(LOCATOR.locate(text)):
        again = found(place.key)
        if place.precision is Precision.POINT:
            assert again.key == place.key
        else:
            assert again == replace(place, shortened=False)


def test_every_town_is_found_again_by_its_key() -> None:
    keys = {town.key for state in ("AK", "CA", "DC", "HI", "PA", "PR", "TX") for town in towns_of(state)}
    assert len(keys) > 6000
    assert [key for key in keys if getattr(LOCATOR.locate(key), "key", None) != key] == []


def towns_of(state: str) -> list[Place]:
    everything = 100_000
    return [LOCATOR._town_place(town) for town in GAZETTEER.largest_towns(state, limit=everything)]


def test_a_street_whose_zip_and_town_disagree_is_asked_back_as_shortened() -> None:
    assert all(place.shortened for place in asked("12 Main St, Bethel 99503").candidates)
    assert not any(place.shortened for place in asked("Bethel 99503").candidates)
