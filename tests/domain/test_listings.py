"""A listing survives being written and read; a bad row names every column and says the way out."""

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import listings, offerings, reading
from portal.domain.errors import Unfit
from portal.domain.listings import COLUMNS, STATES, Listing
from portal.domain.offerings import Offered
from portal.domain.routing import Treats
from portal.domain.vocabulary import Condition, OfferingCode

ROW = {
    "slug": "example-clinic-nome",
    "name": "Example Clinic, Nome",
    "network": "Example Network",
    "street": "107 Example Front St",
    "city": "Nome",
    "state": "AK",
    "zip": "99762",
    "lat": "64.5011",
    "lon": "-165.4064",
    "zone": "America/Anchorage",
    "phone": "907-555-0107",
    "hours": "Monday to Friday, 9 am to 4 pm",
    "website": "https://clinic-nome.example/",
    "accepting": "yes",
    "accepting_note": "",
    "offerings": "pain: crps; mood 18-80: trd mdd",
    "checked_on": "2026-11-22",
    "checked_by": "the portal's operator",
    "source": "Invented",
}
BARE = ROW | dict.fromkeys(("street", "zip", "lat", "lon", "phone", "hours", "website", "offerings"), "")


def words(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
    return st.text(letters, min_size=1, max_size=most).map(listed_text).filter(bool)


def listed_text(typed: str) -> str:
    """The text as any reader gives it back: composed and trimmed."""
    try:
        return reading.text(typed, most=1000)
    except ValueError:
        return ""


@st.composite
def treats(draw: st.DrawFn) -> Treats:
    low, high = sorted(draw(st.tuples(st.integers(0, 120), st.integers(0, 120))))
    return Treats(
        conditions=draw(st.frozensets(st.sampled_from(Condition), min_size=1)),
        min_age=draw(st.sampled_from([low, None])),
        max_age=draw(st.sampled_from([high, None])),
    )


@st.composite
def any_listing(draw: st.DrawFn) -> Listing:
    offered = draw(st.dictionaries(st.sampled_from(OfferingCode), treats()))
    degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda point: point != (0, 0))
    lat, lon = draw(st.one_of(st.just((None, None)), degrees))
    maybe_words = st.one_of(st.none(), words(60))
    return Listing(
        slug=draw(st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)),
        name=draw(words(60)),
        network=draw(words(60)),
        street=draw(maybe_words),
        city=draw(words(60)),
        state=draw(st.sampled_from(sorted(STATES))),
        zip=draw(st.one_of(st.none(), st.from_regex(r"[0-9]{5}(-[0-9]{4})?", fullmatch=True))),
        lat=lat,
        lon=lon,
        zone=draw(st.sampled_from(["America/Anchorage", "America/Phoenix"])),
        phone=draw(st.one_of(st.none(), st.integers(100, 199).map(lambda end: f"+1907555{end:04}"))),
        hours=draw(maybe_words),
        website=draw(st.sampled_from([None, "https://clinic.example", "http://a.example:8000/b?c=d#e"])),
        accepting=draw(st.booleans()),
        accepting_note=draw(maybe_words),
        offerings=tuple(Offered(code=code, treats=offered[code]) for code in sorted(offered)),
        checked_on=draw(st.dates(date(2000, 1, 1), date(2100, 1, 1))),
        checked_by=draw(words(60)),
        source=draw(words(60)),
    )


@given(any_listing())
def test_what_is_written_is_read_back(listing: Listing) -> None:
    assert listings.read(listings.write(listing)) == listing


@given(any_listing())
def test_writing_again_gives_the_same_row(listing: Listing) -> None:
    row = listings.write(listing)
    assert listings.write(listings.read(row)) == row


def test_the_columns_are_the_facts_of_a_listing() -> None:
    assert [field.name for field in fields(Listing)] == list(COLUMNS)


def test_an_empty_cell_is_a_fact_nobody_confirmed() -> None:
    bare = listings.read(BARE)
    assert (bare.street, bare.zip, bare.lat, bare.lon, bare.phone, bare.hours, bare.website) == (None,) * 7
    assert bare.offerings == ()


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("slug", "Nome Clinic", "small letters"),
        ("slug", "", "Enter an answer"),
        ("slug", "a" * 81, "80 characters"),
        ("name", " \t ", "Enter an answer"),
        ("name", "Nome\x00", "hidden control characters"),
        ("name", "N" * 161, "160 characters"),
        ("state", "Alaska", "two letters"),
        ("state", "ZZ", "two letters"),
        ("zip", "9976", "all its digits"),
        ("zip", "٩٩٧٦٢", "all its digits"),
        ("lat", "nan", "between -90 and 90"),
        ("lat", "90.1", "between -90 and 90"),
        ("lon", "inf", "between -180 and 180"),
        ("lon", "west", "between -180 and 180"),
        ("lon", "", "both lat and lon"),
        ("lat", "", "both lat and lon"),
        ("zone", "Alaska time", "time zone"),
        ("phone", "555", "area code"),
        ("website", "javascript:alert(1)", "full web address"),
        ("website", "clinic.example", "full web address"),
        ("accepting", "maybe", "yes or no"),
        ("accepting", "", "yes or no"),
        ("checked_on", "2026-02-30", "a date that exists"),
        ("checked_on", "22 November 2026", "a date that exists"),
        ("offerings", "mood", "Write offerings like"),
        ("offerings", "mood:", "Write offerings like"),
        ("offerings", "mood -: mdd", "Write offerings like"),
        ("offerings", "mood 80-18: mdd", "leave nobody"),
        ("offerings", "mood 18-121: mdd", "leave nobody"),
        ("offerings", "mood 130-: mdd", "leave nobody"),
        ("offerings", "massage: mdd", "massage is not known; use mood, pain"),
        ("offerings", "mood: sadness", "sadness is not known; use trd, mdd"),
        ("offerings", "mood: mdd; mood: trd", "once"),
    ],
)
def test_a_bad_cell_is_named_with_the_way_out(column: str, cell: str, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        listings.read(ROW | {column: cell})
    [(name, message)] = refused.value.problems.items()
    assert said in message
    assert name == column


def test_a_point_in_the_atlantic_is_a_point_nobody_knew() -> None:
    with pytest.raises(Unfit, match="Atlantic"):
        listings.read(ROW | {"lat": "0", "lon": "-0.0"})


def test_every_bad_cell_of_a_row_is_named_at_once() -> None:
    with pytest.raises(Unfit) as refused:
        listings.read(ROW | {"state": "Alaska", "phone": "555", "checked_on": "today"})
    assert list(refused.value.problems) == ["state", "phone", "checked_on"]


def test_offerings_may_leave_ages_open_and_come_in_any_order() -> None:
    mood, pain = offerings.read(" pain -64 : crps;mood 18-: trd  mdd ;")
    assert (mood.code, mood.treats.min_age, mood.treats.max_age) == (OfferingCode.MOOD, 18, None)
    assert (pain.code, pain.treats.min_age, pain.treats.max_age) == (OfferingCode.PAIN, None, 64)
    assert offerings.write((mood, pain)) == "mood 18-: trd mdd; pain -64: crps"
