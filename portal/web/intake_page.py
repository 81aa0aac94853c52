"""A step as its page shows it: what is required first, then groups that may be left closed, and rows to fill in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wtforms import Field

from portal.domain import intake
from portal.domain.intake import Rows
from portal.domain.intake.table import cell, row_count
from portal.web.forms.referral import StepForm

HEADINGS = {
    "patient": ("Who is the patient?", "As written in your chart. Only staff of the clinic that holds this referral, and the network's own intake team and medical lead, see it. If it moves to another clinic, that clinic's staff see it then."),
    "reason": ("What do you refer for?", "A clinician at the clinic decides whether infusion fits. Sending does not mean treatment."),
    "tried": ("How is the patient, and what was tried?", "All of this may be left out. What is given here saves a question later; “none” and “not known” are answers too."),
    "checklist": ("Safety checklist", "All of this may be left out. Blank is not “no”: what is not answered, the nurse asks."),
    "practice": ("You and your practice", "The clinic answers you here."),
}  # fmt: skip
BLANK_ROWS = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Questions under one heading; open where something is answered or wrong."""

    heading: str
    fields: tuple[Field, ...]
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One answer of a row."""

    id: str
    label: str
    hint: str
    value: str
    error: str
    choices: Mapping[str, str] | None
    most: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows to fill in, the blank ones at the end, and the answer in place of them."""

    name: str
    label: str
    one: str
    rows: tuple[tuple[Cell, ...], ...]
    status: Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the template places."""

    step: str
    heading: str
    hint: str
    fields: tuple[Field, ...]
    groups: tuple[Group, ...]
    tables: tuple[Table, ...]


def read(step: str, form: StepForm, typed: Mapping[str, str], *, added: str = "") -> Page:
    """Return the page of a step; `added` names the rows that another blank one was asked for."""
    heading, hint = HEADINGS[step]
    tables = tuple(_table(rows, form, typed, added) for rows in intake.STEP_ROWS.get(step, ()))
    statuses = {table.status.name for table in tables}
    named = {field.name: field.group for field in intake.STEPS[step]}
    plain = [field for field in form if named.get(field.name) == "" and field.name not in statuses]
    return Page(
        step=step,
        heading=heading,
        hint=hint,
        fields=tuple(plain),
        groups=tuple(_groups(form, named)),
        tables=tables,
    )


def _groups(form: StepForm, named: Mapping[str, str]) -> Iterator[Group]:
    for heading in dict.fromkeys(group for group in named.values() if group):
        fields = tuple(field for field in form if named.get(field.name) == heading)
        if fields:
            yield Group(
                heading=heading,
                fields=fields,
                is_open=any(field.errors or field.data for field in fields),
            )


def _table(rows: Rows, form: StepForm, typed: Mapping[str, str], added: str) -> Table:
    count = min(row_count(typed, rows), rows.most)
    blank = BLANK_ROWS if count == 0 or added == rows.name else 0
    return Table(
        name=rows.name,
        label=rows.label,
        one=rows.one,
        rows=tuple(
            tuple(_cell(rows, number, column, form, typed) for column in rows.columns)
            for number in range(min(count + blank, rows.most))
        ),
        status=form[rows.status],
    )


def _cell(rows: Rows, number: int, column: intake.Field, form: StepForm, typed: Mapping[str, str]) -> Cell:
    name = cell(rows, number, column)
    return Cell(
        id=name,
        label=column.label,
        hint=column.hint,
        value=typed.get(name, ""),
        error=form.row_errors.get(name, ""),
        choices=column.choices,
        most=column.most,
    )


def without(typed: Mapping[str, str], rows: Rows, gone: int) -> dict[str, str]:
    """Return the typed rows without one of them, the later ones moved up; blank rows go too."""
    left = [
        {column.name: typed.get(cell(rows, number, column), "") for column in rows.columns}
        for number in range(min(row_count(typed, rows), rows.most))
        if number != gone
    ]
    kept = [row for row in left if any(value.strip() for value in row.values())]
    return {f"{rows.name}.{number}.{name}": value for number, row in enumerate(kept) for name, value in row.items() if value}  # fmt: skip
