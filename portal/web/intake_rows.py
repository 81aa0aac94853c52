"""Rows to fill in, as a page shows them and as a request brings them; blank ones are never kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wtforms import Field

from portal.domain import intake
from portal.domain.intake import Rows, Typed
from portal.domain.intake.table import cell, grouped, known_names, row_count
from portal.web.forms.base import readable
from portal.web.forms.referral import StepForm

BLANK_ROWS = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One answer of a row."""

    id: str
    column: str
    label: str
    hint: str
    value: str
    error: str
    choices: Mapping[str, str] | None
    is_number: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows to fill in, the blank ones at the end, and the answer in place of them."""

    name: str
    label: str
    one: str
    rows: tuple[tuple[Cell, ...], ...]
    status: Field
    most: int
    filled: int

    @property
    def is_full(self) -> bool:
        """Whether no further row may be added."""
        return self.filled >= self.most


def names(step: str) -> tuple[str, ...]:
    """Return the names of the kinds of rows that a step asks for."""
    return tuple(rows.name for rows in intake.STEP_ROWS.get(step, ()))


def table(rows: Rows, form: StepForm, typed: Typed, added: str) -> Table:
    """Return the rows of one kind; one blank row where there is none, or where another one was asked for."""
    count = min(row_count(typed, rows), rows.most)
    blank = BLANK_ROWS if count == 0 or added == rows.name else 0
    shown = range(min(count + blank, rows.most))
    return Table(
        name=rows.name,
        label=rows.label,
        one=rows.one,
        rows=tuple(
            tuple(_cell(rows, number, column, form, typed) for column in rows.columns) for number in shown
        ),
        status=form[rows.status],
        most=rows.most,
        filled=count,
    )


def _cell(rows: Rows, number: int, column: intake.Field, form: StepForm, typed: Typed) -> Cell:
    name = cell(rows, number, column)
    return Cell(
        id=name,
        column=column.name,
        label=column.label,
        hint=column.hint,
        value=readable(typed.get(name, "")),
        error=form.row_errors.get(name, ""),
        choices=column.choices,
        is_number=column.control is intake.Control.NUMBER,
    )


def sent(step: str, posted: Mapping[str, str]) -> dict[str, str]:
    """Return the rows that a request brought, without the one whose button removes it."""
    kept: dict[str, str] = {}
    gone, _, number = posted.get("remove", "").partition(".")
    known = known_names()
    found = {name: value for name, value in posted.items() if name in known}
    for rows in intake.STEP_ROWS.get(step, ()):
        kept |= without(found, rows, number if gone == rows.name else "")
    return kept


def without(typed: Typed, rows: Rows, gone: str) -> dict[str, str]:
    """Return the typed rows without the one of this number, the later ones moved up; blank rows go too."""
    left = [row for number, row in grouped(typed, rows).items() if str(number) != gone and number < rows.most]
    return {
        f"{rows.name}.{number}.{name}": value
        for number, row in enumerate(left)
        for name, value in row.items()
    }


def crowded(step: str, posted: Iterable[str]) -> dict[str, str]:
    """Return a sentence for each kind of which a request brings more rows than are kept; no page offers so many."""
    found = {}
    for rows in intake.STEP_ROWS.get(step, ()):
        prefix = f"{rows.name}."
        count = len({name.split(".", 2)[1] for name in posted if name.startswith(prefix)})
        if count > rows.most:
            found[rows.status] = f"Send {rows.most} rows or fewer; this has {count:,}"
    return found
