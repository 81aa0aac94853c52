"""What people type becomes a value, or a sentence that says the way out."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import reading

TODAY = date(2026, 11, 23)


def test_accents_are_composed_and_heaps_of_them_refused() -> None:
    assert reading.text("Zoe\u0308 \u1f82", most=9) == "Zo\u00eb \u1f82"
    assert reading.text("a" + "\u0300\u0315" * 15, most=40)
    for mark in ("\u0300\u0315", "\u0f73"):
        with pytest.raises(ValueError, match="heaped"):
            reading.text("a" + mark * 60_000, most=40)


def test_signs_that_turn_the_direction_of_text_are_dropped() -> None:
    assert reading.text("Kobuk \u202ecinilC\u202c \u2067Ltd\u2069", most=40) == "Kobuk cinilC Ltd"
    assert reading.phone("\u202d907-555-0142\u202c") == "+19075550142"
    with pytest.raises(ValueError, match="Enter an answer"):
        reading.text("\u202e", most=40)


@pytest.mark.parametrize(
    "typed",
    ["3 27 1985", "03/27/1985", "3-27-1985", "1985-03-27", "March 27, 1985", "27 Mar 1985", " 3.27.1985 ", "03271985",
     "19850327", "27.3.1985", "27031985", "Mar 27th, 1985", "Mar. 27 1985", "the 27th of March 1985"],
)  # fmt: skip
def test_a_date_of_birth_may_be_written_as_people_write_it(typed: str) -> None:
    assert reading.birth_date(typed, TODAY) == date(1985, 3, 27)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 27", "full date"),
        ("2 30 1985", "exists"),
        ("13 13 1985", "exists"),
        ("3 27 85", "year with four digits"),
        ("03-27-85", "year with four digits"),
        ("Mar 27, '85", "year with four digits"),
        ("3 27 985", "full date"),
        ("0327198", "full date"),
        ("02301985", "exists"),
        ("soon", "full date"),
        ("11 24 2026", "future"),
        ("3 27 1885", "over 120"),
        ("", "Enter an answer"),
    ],
)
def test_a_date_of_birth_that_cannot_be_says_why(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reading.birth_date(typed, TODAY)


def test_of_two_numbers_that_may_both_be_months_the_first_is_one() -> None:
    assert reading.find_date("3 4 1985") == reading.find_date("03041985") == date(1985, 3, 4)
    assert reading.find_date("Sept 3rd 1985") == date(1985, 9, 3)


def test_a_birthday_is_the_day_a_year_is_full() -> None:
    assert reading.age_years(date(2008, 11, 23), TODAY) == 18
    assert reading.age_years(date(2008, 11, 24), TODAY) == 17


@pytest.mark.parametrize("typed", ["907-555-0142", "(907) 555 0142", "+1 907 555 0142", "9075550142"])
def test_a_phone_is_kept_in_one_form_and_told_in_another(typed: str) -> None:
    kept = reading.phone(typed)
    assert kept == "+19075550142"
    assert reading.phone_words(kept) == "907-555-0142"


def test_a_phone_of_another_country_is_told_internationally() -> None:
    assert reading.phone_words(reading.phone("+44 20 7946 0018")) == "+44 20 7946 0018"


@pytest.mark.parametrize("typed", ["907-555", "call me", "00000000000000", "", "999999999999999999999999"])
def test_a_phone_that_cannot_be_called_says_so(typed: str) -> None:
    with pytest.raises(ValueError, match="Enter"):
        reading.phone(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "Cedar Sampleton",
        "Zoë O’Neill-Ávila",
        "Aster Mockingham, MD",
        "Nguyễn Thị",
        "Birch Testerly 3rd",
        "Ember Fern (Emmy) Placebo",
        'Cedar "Cee" Specimen',
        "Cedar “Cee” Specimen",
        "Cedar \N{LEFT SINGLE QUOTATION MARK}Cee’ Specimen",
    ],
)
def test_names_of_people_are_names(typed: str) -> None:
    assert reading.name(f"  {typed}  ", most=160) == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12345", "letters"),
        ("😀", "letters"),
        ("Cedar <b>", "use only letters, digits"),
        ("Cedar & Birch", "quotation marks"),
        ("Cedar²", "use only letters"),
        ("A\x00B", "control"),
        ("a" * 161, "160"),
    ],
)
def test_what_is_no_name_says_the_way_out(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reading.name(typed, most=160)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Cedar Sampleton", "C. S."),
        ("Ember Fern (Emmy) Placebo", "E. P."),
        ("Birch Testerly 3rd", "B. T."),
        ("Birch Testerly Jr.", "B. T."),
        ("Aster Mockingham, MD", "A. M."),
        ("Md Sampleton", "M. S."),
        ("O'Brien-Ñandú, María José III", "M. O."),
        ("Sampleton, Cedar, Sr", "C. S."),
        ("Jr", "J."),
        ("“Cee” Cedar", "C. C."),
        ("ember", "E."),
        ("3rd", "R."),
    ],
)
def test_initials_are_letters_whatever_stands_around_them(name: str, told: str) -> None:
    assert reading.initials(name) == told


def test_lines_are_kept_only_where_they_belong() -> None:
    assert reading.text("one\r\ntwo", most=20, lines=True) == "one\ntwo"
    with pytest.raises(ValueError, match="control"):
        reading.text("one\ntwo", most=20)


@pytest.mark.parametrize("typed", ["name@example.com", " Name@Example.com "])
def test_an_address_for_mail_is_taken(typed: str) -> None:
    assert reading.email(typed).endswith("@example.com")


@pytest.mark.parametrize("typed", ["name", "a@b", "a@example.com\nBcc: x@example.com", "@example.com", ""])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Enter|control"):
        reading.email(typed)


def test_agreement_is_said_and_never_assumed() -> None:
    assert reading.yes("yes") is True
    for typed in ("", "no", "maybe"):
        with pytest.raises(ValueError, match="agrees"):
            reading.yes(typed)


@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(typed: str) -> None:
    for reader in (
        lambda: reading.name(typed, most=160),
        lambda: reading.birth_date(typed, TODAY),
        lambda: reading.phone(typed),
        lambda: reading.email(typed),
        lambda: reading.text(typed, most=200, lines=True),
    ):
        with suppress(ValueError):
            reader()
