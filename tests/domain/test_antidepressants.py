"""A medicine is known by any of its names and with one slip; what could be two medicines, or none, is never sure."""

import tomllib
from dataclasses import replace

import pytest

from portal.domain.antidepressants import fold, recognise
from portal.queries.medicines import RULES, get_antidepressants

COUNTED = """
    citalopram escitalopram fluoxetine fluvoxamine paroxetine sertraline vilazodone vortioxetine desvenlafaxine
    duloxetine levomilnacipran venlafaxine bupropion mirtazapine trazodone nefazodone amitriptyline nortriptyline
    imipramine desipramine doxepin clomipramine protriptyline trimipramine amoxapine maprotiline phenelzine
    tranylcypromine isocarboxazid
""".split()


@pytest.mark.parametrize("name", COUNTED)
def test_each_usual_antidepressant_stands_in_the_table_with_its_doses(name: str) -> None:
    medicine = recognise(name, get_antidepressants()).medicine
    assert medicine is not None
    assert medicine.name == name
    assert 0 < (medicine.least_mg or 0) <= (medicine.most_mg or 0)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("SERTRALINE", "sertraline"),
        ("Sertraline HCl 100 mg tablets", "sertraline"),
        ("sertralin", "sertraline"),
        ("Zoloft (sertraline)", "sertraline"),
        ("Effexor-XR", "venlafaxine"),
        ("venlafaxine XR 37.5mg", "venlafaxine"),
        ("es-citalopram", "escitalopram"),
        ("celxea", "citalopram"),
        ("wellbutrin xl", "bupropion"),
        ("bupropion HBr", "bupropion hydrobromide"),
        ("paroxetine cr 25mg", "paroxetine CR"),
        ("Paxil", "paroxetine"),
        ("Emsam 6mg/24h", "selegiline patch"),
        ("Symbyax", "olanzapine with fluoxetine"),
        ("perphenazine/amitriptyline", "amitriptyline with another medicine"),
    ],
)
def test_a_medicine_is_known_by_its_names_forms_and_with_one_slip(typed: str, name: str) -> None:
    read = recognise(typed, get_antidepressants())
    assert read.medicine is not None
    assert (read.medicine.name, read.guess) == (name, None)


@pytest.mark.parametrize(
    ("typed", "guess"),
    [
        ("Elavl", "amitriptyline"),
        ("dapoxetine", "paroxetine"),
        ("loxapine", "amoxapine"),
        ("sertaliner", "sertraline"),
    ],
)
def test_a_short_name_with_a_slip_or_one_with_several_is_only_a_guess(typed: str, guess: str) -> None:
    read = recognise(typed, get_antidepressants())
    assert read.guess is not None
    assert (read.medicine, read.guess.name) == (None, guess)


@pytest.mark.parametrize(
    "typed", ["gabapentin", "vitamin D", "sertraline and bupropion", "", "x", "50 mg", "ßßß"]
)
def test_what_the_table_does_not_have_is_not_even_guessed(typed: str) -> None:
    read = recognise(typed, get_antidepressants())
    assert (read.medicine, read.guess) == (None, None)


def test_a_slip_that_could_make_two_medicines_is_only_a_guess() -> None:
    table = get_antidepressants()
    both = {"aaaaaab": table.names["sertraline"], "aaaaaac": table.names["bupropion"]}
    read = recognise("aaaaaad", replace(table, names=both))
    assert read.medicine is None
    assert read.guess is not None


def test_no_name_of_one_medicine_is_one_slip_from_another_that_counts() -> None:
    table = get_antidepressants()
    for name, medicine in table.names.items():
        others = {key: other for key, other in table.names.items() if other.name != medicine.name}
        read = recognise(name, replace(table, names=others))
        same_stem = read.medicine and read.medicine.name.split()[0] == medicine.name.split()[0]
        assert read.medicine is None or same_stem, name


def test_every_row_of_the_file_says_its_source_or_why_it_is_not_counted() -> None:
    kept = tomllib.loads(RULES.read_text(encoding="utf-8"))
    counted = [row for row in kept["medicines"] if "least" in row]
    assert all(row["source"].startswith("US label") and row["group"] for row in counted)
    assert all(row["instead"] for row in kept["medicines"] if row not in counted)
    names = [fold(name) for row in kept["medicines"] for name in (row["name"], *row["also"])]
    assert len(names) == len(set(names))


def test_the_table_has_a_version_and_nobody_has_signed_yet() -> None:
    table = get_antidepressants()
    assert (table.weeks_least, table.trials_least, table.signed_off_by) == (6, 2, "")
    assert table.version
