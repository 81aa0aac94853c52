"""Each code of the map says what the map says: it fits, it is asked about, or it raises its flag."""

import pytest

from portal.domain import diagnoses, icd10
from portal.domain.diagnoses import Sense
from portal.domain.icd10 import Code
from portal.domain.vocabulary import CONDITION_LABELS, Condition
from portal.queries.codes import get_codes, get_diagnoses

# The map as the clinical notes give it, written out here so that a slip in the file is seen.
FITS = {
    Condition.MDD: "F32.0 F32.1 F32.2 F32.89 F32.9 F32.A F33.0 F33.1 F33.2 F33.8 F33.9 F34.1 F53.0",
    Condition.TRD: "F33.0 F33.1 F33.2 F33.8 F33.9 F32.2",
    Condition.BIPOLAR_DEPRESSION: "F31.30 F31.31 F31.32 F31.4 F31.81 F31.9 F31.75",
    Condition.ANXIETY: "F41.1 F41.0 F41.3 F41.8 F41.9 F40.10 F40.11 F40.00 F40.01 F40.02",
    Condition.PTSD: "F43.10 F43.11 F43.12",
    Condition.OCD: "F42.2 F42.8 F42.9",
    Condition.CRPS: "G90.50 G90.511 G90.512 G90.513 G90.519 G90.521 G90.522 G90.523 G90.529 G90.59 "
    "G56.40 G56.41 G56.42 G56.43 G57.70 G57.71 G57.72 G57.73",
    Condition.FIBROMYALGIA: "M79.7",
    Condition.NEUROPATHIC_PAIN: "G60.3 G60.9 G62.0 G62.1 G62.89 G62.9 G58.9 M79.2 E10.40 E10.42 E11.40 E11.41 "
    "E11.42 B02.22 B02.23 B02.29 G50.0 G54.6",
    Condition.CHRONIC_PAIN_OTHER: "G89.0 G89.21 G89.22 G89.28 G89.29 G89.4 G89.3",
    Condition.CHRONIC_MIGRAINE: "G43.701 G43.709 G43.711 G43.719 G43.E01 G43.E09 G43.E11 G43.E19",
}
ASKED = {
    Condition.MDD: "F32.4 F32.5 F32.81 F33.40 F33.41 F33.42",
    Condition.PTSD: "F43.0 F43.20 F43.21 F43.25 F43.81 F43.89",
    Condition.OCD: "F42.3 F42.4",
    Condition.NEUROPATHIC_PAIN: "G63 I10 F10.11 F10.21 F19.21 F12.91",
    Condition.CHRONIC_PAIN_OTHER: "R52 M54.50 M54.16",
    Condition.CHRONIC_MIGRAINE: "G43.001 G43.019 G43.109 G43.119",
}
SAFETY = "R45.851 T14.91XA T14.91XD Z91.51 R45.88 Z91.52"
RAISED = {
    "H01": "F32.3 F33.3 F31.5 F31.64 F20.0 F20.9 F21 F22 F23 F24 F25.0 F28 F29",
    "H02": "F30.10 F30.9 F31.0 F31.10 F31.13 F31.2 F31.60 F31.63",
    "H03": "I16.0 I16.1 I16.9",
    "H04": "I20.0 I21.3 I22.9 I50.9",
    "H05": "I60.9 I61.9 I62.9 Z86.73 Z86.79 I67.1 I71.40 I71.9 Q28.2 Q27.30 Q27.39",
    "H06": "G93.2 S06.0X0A S06.5X0S C71.9 H40.9 H40.10X0",
    "H07": "O09.90 O99.345 Z33.1 Z39.1",
    "H08": "K70.30 K72.90 K74.60 K76.0 K77",
    "H09": "E05.00 E05.90",
    "H10": "F10.20 F10.10 F11.20 F12.10 F13.20 F14.20 F15.10 F16.10 F18.10 F19.20 F10.129",
    "H11": "Z88.4",
    "H12": "F01.50 F02.80 F03.90 F05",
    "H16": "E80.20 E80.21 E80.29",
    "W09": "N30.10 N30.11",
    "W10": "G40.909",
    "W11": "G47.33",
}


def pairs(table: dict[Condition, str]) -> list[tuple[Condition, str]]:
    return [(condition, code) for condition, codes in table.items() for code in codes.split()]


def code(typed: str) -> Code:
    return icd10.read(typed, get_codes())


def test_the_file_fits_exactly_the_codes_of_the_map() -> None:
    assert {key: set(codes) for key, codes in get_diagnoses().accepted.items()} == {
        condition: set(codes.split()) for condition, codes in FITS.items()
    }


@pytest.mark.parametrize(("condition", "typed"), pairs(FITS))
def test_a_code_that_fits_is_billable_and_taken_without_a_word(condition: Condition, typed: str) -> None:
    assert diagnoses.mismatch(code(typed), condition, get_diagnoses()) is None


@pytest.mark.parametrize(("condition", "typed"), pairs(ASKED))
def test_a_code_that_is_asked_about_says_why_and_raises_no_flag(condition: Condition, typed: str) -> None:
    mark = diagnoses.find_mark(code(typed), get_diagnoses())
    assert mark is not None
    assert mark.sense is Sense.QUERY
    assert diagnoses.mismatch(code(typed), condition, get_diagnoses()) == f"{code(typed)}: {mark.said}"
    assert diagnoses.flags([code(typed)], get_diagnoses()) == set()


@pytest.mark.parametrize("typed", SAFETY.split())
@pytest.mark.parametrize("condition", Condition)
def test_suicidality_is_never_a_reason_by_itself(condition: Condition, typed: str) -> None:
    said = diagnoses.mismatch(code(typed), condition, get_diagnoses())
    assert said is not None
    assert "safety is reviewed first" in said


@pytest.mark.parametrize(
    ("flag", "typed"), [(flag, each) for flag in RAISED for each in RAISED[flag].split()]
)
def test_a_code_of_a_hold_raises_its_flag_and_is_warned_of(flag: str, typed: str) -> None:
    found = code(typed)
    assert diagnoses.flags([found], get_diagnoses()) == {flag}
    assert all(diagnoses.mismatch(found, condition, get_diagnoses()) for condition in Condition)


def test_a_code_of_another_condition_is_asked_about_with_its_words() -> None:
    said = diagnoses.mismatch(code("M79.7"), Condition.PTSD, get_diagnoses())
    assert said == (
        f"M79.7 Fibromyalgia is not usual for “{CONDITION_LABELS[Condition.PTSD]}”; "
        "check the code and the reason for referral"
    )


@pytest.mark.parametrize(("typed", "word"), [("F53.0", "perinatal"), ("G89.3", "soon")])
def test_a_code_that_fits_may_still_name_another_pathway(typed: str, word: str) -> None:
    mark = diagnoses.find_mark(code(typed), get_diagnoses())
    assert mark is not None
    assert (mark.sense, mark.flag) == (Sense.PATHWAY, "")
    assert word in mark.said


def test_flags_of_several_codes_come_together_once_each() -> None:
    given = [code(typed) for typed in ("F33.2", "F33.3", "F20.9", "N30.10")]
    assert diagnoses.flags(given, get_diagnoses()) == {"H01", "W09"}


@pytest.mark.parametrize("other", ["G56.41", "G57.73"])
def test_both_types_of_crps_at_once_are_told(other: str) -> None:
    said = diagnoses.conflicts([code("G90.511"), code(other)], get_diagnoses())
    assert len(said) == 1
    assert "never both" in said[0]
    assert diagnoses.conflicts([code("G90.511"), code("G90.521")], get_diagnoses()) == ()


def test_every_entry_of_the_file_begins_some_code_of_the_table() -> None:
    kept = get_diagnoses()
    entries = {start for starts in kept.accepted.values() for start in starts}
    entries |= {start for mark in kept.marks for start in mark.codes}
    entries |= {start for pair in kept.never_together for start in (*pair.one, *pair.other)}
    codes = [line.partition("\t")[0] for line in get_codes().lines]
    assert {entry for entry in entries if not any(each.startswith(entry) for each in codes)} == set()


def test_only_a_flag_has_an_id_and_nobody_has_signed_yet() -> None:
    kept = get_diagnoses()
    assert all(bool(mark.flag) == (mark.sense is Sense.FLAG) for mark in kept.marks)
    assert kept.signed_off_by == ""
    assert kept.version
