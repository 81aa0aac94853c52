"""A diagnosis code is taken as people write it, and refused with the way to the right one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import icd10
from portal.domain.icd10 import Codes, TooGeneral
from portal.queries.codes import get_codes

SMALL = Codes(
    edition="test",
    lines=["F32\t0\tDepression", "F32.0\t1\tMild", "F32.8\t0\tOther", "F32.81\t1\tOne", "F32.89\t1\tTwo"],
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("F32.A", "F32.A"),
        ("G43.E09", "G43.E09"),
        ("g90.511", "G90.511"),
        ("F33.2", "F33.2"),
        ("F322", "F32.2"),
        (" f 32 . 2 ", "F32.2"),
        ("F33-2", "F33.2"),
        ("g43 e09", "G43.E09"),
        ("g43e09", "G43.E09"),
        ("t14.91xa", "T14.91XA"),
        ("R52", "R52"),
        ("Z99.89", "Z99.89"),
        ("qa0.0142", "QA0.0142"),
    ],
)
def test_a_billable_code_is_taken_in_any_writing(typed: str, code: str) -> None:
    found = icd10.read(typed, get_codes())
    assert (found.code, found.is_billable) == (code, True)


@pytest.mark.parametrize(
    "header",
    "F32 F32.8 F33 F33.4 F34 F53 F31 F31.3 F31.7 F31.8 F41 F40 F40.0 F40.1 F43 F43.1 F42 G90.5 G90.51 G90.52 "
    "G56.4 G57.7 M79 G62 G60 E11.4 B02.2 G89 G89.2 G43.7 G43.E G43.E0 G43.E1 R45.85".split(),
)
def test_a_header_is_too_general_and_offers_what_stands_under_it(header: str) -> None:
    with pytest.raises(TooGeneral, match=rf"{header} .* is too general: choose one of") as refused:
        icd10.read(header, get_codes())
    children = refused.value.children
    assert len(children) > 1
    assert all(child.code.startswith(header) and str(child) in str(refused.value) for child in children)


def test_the_codes_to_pick_from_are_billable_where_they_are_few() -> None:
    with pytest.raises(TooGeneral) as refused:
        icd10.read("F33", get_codes())
    assert [child.code for child in refused.value.children] == (
        "F33.0 F33.1 F33.2 F33.3 F33.40 F33.41 F33.42 F33.8 F33.9".split()
    )


def test_where_they_are_many_the_next_step_down_is_shown() -> None:
    with pytest.raises(TooGeneral) as refused:
        icd10.read("E11", get_codes())
    codes = [child.code for child in refused.value.children]
    assert codes == "E11.0 E11.1 E11.2 E11.3 E11.4 E11.5 E11.6 E11.8 E11.9 E11.A".split()


def test_every_header_leads_to_codes_to_pick_from() -> None:
    codes = get_codes()
    headers = [line.partition("\t")[0] for line in codes.lines if "\t0\t" in line]
    sizes = [len(codes.under(header)) for header in headers]
    assert min(sizes) > 0
    assert max(sizes) < 40


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("F32.99", "F32.99 is not an ICD-10-CM code .* nearest is F32.9 Major depressive"),
        ("F3A.1", "F3A.1 is not an ICD-10-CM code .* look the diagnosis up"),
        ("Z99.899", "nearest is Z99.89 Dependence"),
        ("XYZ", "Enter an ICD-10-CM code, like"),
        ("F3.22", "Enter an ICD-10-CM code, like"),
        ("F33.2 depression", "Enter an ICD-10-CM code, like"),
        ("F33.2; F41.1", "Enter an ICD-10-CM code, like"),
        ("", "Enter an answer"),
        ("F" * 21, "20 characters or fewer"),
        ("F33\t2\n", "hidden control"),
    ],
)
def test_what_is_no_code_says_the_way_out(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        icd10.read(typed, get_codes())
    assert not isinstance(refused.value, TooGeneral)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("F33.9, F41.1", ["F33.9", "F41.1"]),
        ("F33.9;F41.1", ["F33.9", "F41.1"]),
        ("F33.9 F41.1", ["F33.9", "F41.1"]),
        ("F33 2 , G43 E09", ["F33 2", "G43 E09"]),
        ("F33 F41", ["F33", "F41"]),
        ("F33.2,", ["F33.2"]),
        ("recurrent depression", ["recurrent depression"]),
        (" ; ", []),
    ],
)
def test_codes_stand_between_commas_semicolons_or_spaces(typed: str, codes: list[str]) -> None:
    assert icd10.parted(typed, get_codes()) == codes


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_a_billable_code_or_is_refused(typed: str) -> None:
    with suppress(ValueError):
        assert icd10.read(typed, SMALL).is_billable


def test_each_line_of_the_table_is_found_under_its_own_code() -> None:
    for line in SMALL.lines:
        code = line.partition("\t")[0]
        found = SMALL.find(code)
        assert found is not None
        assert found.code == code
    assert [SMALL.find(code) for code in ("F3", "F32.88", "F32.9", "A00", "Z00")] == [None] * 5
