"""The same patient is found again however the name was typed; a brother, a twin and a namesake are not the same."""

from datetime import date

import pytest

from portal.domain import duplicates
from portal.domain.intake import Patient

BORN, PHONE = date(1985, 3, 27), "+19075550142"
OTHER_PHONE = "+19075550143"


def patient(name: str, *, born: date = BORN, phone: str = PHONE) -> Patient:
    return Patient(name=name, date_of_birth=born, phone=phone, place="99701")


SAME = [
    ("Cedar Sampleton", "Cedar Sampleton"),
    ("Cedar Sampleton", "CEDAR  SAMPLETON"),
    ("Cédar Sámpleton", "Cedar Sampleton"),
    ("\N{FULLWIDTH LATIN CAPITAL LETTER C}edar Sampleton", "Cedar Sampleton"),
    ("Cedar Sampleton", "Sampleton, Cedar"),
    ("Cedar Sampleton", "Sampleton Cedar"),
    ("Cedar Sampleton", "Cedar Sampelton"),
    ("Cedar Sampleton", "Cedar Sampletn"),
    ("Cedar Sampleton", "Cedarr Sampleton"),
    ("Cedar Sampleton", "Cedar M. Sampleton"),
    ("Cedar Sampleton", "Cedar Ember Sampleton"),
    ("Cedar Sampleton-Testerly", "Cedar Sampleton"),
    ("Cedar Sampleton-Testerly", "Cedar Testerly Sampleton"),
    ("Ember O'Placebo", "Ember OPlacebo"),
    ("Ember O’Placebo", "Oplacebo, Ember"),
    ("Fern", "fern"),
]
OTHERS = [
    ("Aster Testerly", "Birch Testerly"),
    ("Ana Testerly", "Ann Testerly"),
    ("Jon Testerly", "Ron Testerly"),
    ("Cedar Sampleton", "Cedra Sampelton"),
    ("Cedar Sampleton", "Dahlia Placebo"),
    ("Cedar", "Cedar Sampleton"),
    ("Cedar Ember Sampleton", "Cedar Aster Specimen"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_patient_is_the_same_however_the_name_is_typed(one: str, other: str) -> None:
    first, second = patient(one), patient(other, phone=OTHER_PHONE)
    assert duplicates.is_same(first, second)
    assert duplicates.is_same(second, first)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_the_same_shares_a_mark(one: str, other: str) -> None:
    first, second = patient(one), patient(other, phone=OTHER_PHONE)
    assert set(duplicates.marks(first)) & set(duplicates.marks(second))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_twins_and_namesakes_are_not_the_same(one: str, other: str) -> None:
    first, second = patient(one), patient(other, phone=OTHER_PHONE)
    assert not duplicates.is_same(first, second)
    assert not duplicates.is_same(second, first)


def test_twins_who_share_a_phone_are_not_the_same() -> None:
    assert not duplicates.is_same(patient("Aster Testerly"), patient("Birch Testerly"))


@pytest.mark.parametrize("married", ["Cedar Mockingham", "Mockingham, Cedar"])
def test_a_married_name_is_the_same_patient_where_the_phone_is(married: str) -> None:
    before = patient("Cedar Sampleton")
    assert duplicates.is_same(before, patient(married))
    assert set(duplicates.marks(before)) & set(duplicates.marks(patient(married)))
    assert not duplicates.is_same(before, patient(married, phone=OTHER_PHONE))


def test_another_day_of_birth_is_another_patient() -> None:
    other = patient("Cedar Sampleton", born=date(1985, 3, 28))
    assert not duplicates.is_same(patient("Cedar Sampleton"), other)


def test_no_mark_is_of_one_fact_alone() -> None:
    marks = list(duplicates.marks(patient("Cedar Sampleton")))
    assert all(BORN.isoformat() in mark and len(mark) == 3 for mark in marks)
    assert len(marks) == len(set(marks)) == 5


def test_a_name_in_other_letters_is_marked_and_compared() -> None:
    one, other = patient("Кедр Образцов"), patient("Образцов Кедр", phone=OTHER_PHONE)
    assert duplicates.is_same(one, other)
    assert set(duplicates.marks(one)) & set(duplicates.marks(other))
