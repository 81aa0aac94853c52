"""All answers of a referral, by name and by step; every door, page and sheet reads this table."""

from collections.abc import Iterable
from functools import cache

from portal.domain.intake import checklist, gate, patient, practice, reason, tried
from portal.domain.intake.field import Field, Rows, Typed

SAFETY, PATIENT, REASON, TRIED, CHECKLIST, PRACTICE = (
    "safety",
    "patient",
    "reason",
    "tried",
    "checklist",
    "practice",
)
STEPS: dict[str, tuple[Field, ...]] = {
    SAFETY: gate.FIELDS,
    PATIENT: patient.FIELDS,
    REASON: reason.FIELDS,
    TRIED: tried.FIELDS,
    CHECKLIST: (*gate.LATER_FIELDS, *checklist.FIELDS),
    PRACTICE: practice.FIELDS,
}
"""The fields of each step, in the order of the form; the gate's answers are kept apart, as they were said."""
ROWS: dict[str, Rows] = {rows.name: rows for rows in (tried.TRIALS, checklist.MEDICINES, checklist.ALLERGIES)}
STEP_ROWS: dict[str, tuple[Rows, ...]] = {
    TRIED: (tried.TRIALS,),
    CHECKLIST: (checklist.MEDICINES, checklist.ALLERGIES),
}
GATE: dict[str, Field] = {field.name: field for field in (*gate.FIELDS, *gate.ATTESTATION_FIELDS)}
"""The answers that a safety answer holds."""
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (*(field for step, fields in STEPS.items() if step != SAFETY for field in fields), practice.CONSENT)
}  # fmt: skip
"""The answers that a form is typed in, but for the gate's and for rows."""
REQUIRED = tuple(field.name for field in FIELDS.values() if field.required)
COLUMNS_MOST = max(len(rows.columns) for rows in ROWS.values())


def row_count(typed: Typed, rows: Rows) -> int:
    """Return how many rows were typed: one more than the highest number, blank ones among them counted."""
    prefix = f"{rows.name}."
    numbers = (name[len(prefix) :].partition(".")[0] for name in typed if name.startswith(prefix))
    return max((int(number) + 1 for number in numbers if number.isdecimal()), default=0)


def cell(rows: Rows, number: int, column: Field) -> str:
    """Return the name of one answer of a row, like "trials.0.name"."""
    return f"{rows.name}.{number}.{column.name}"


def grouped(typed: Typed, rows: Rows) -> dict[int, dict[str, str]]:
    """Return what is typed in each row, by its number in order and by column; blank cells and rows are left out."""
    prefix = f"{rows.name}."
    start = len(prefix)
    found: dict[int, dict[str, str]] = {}
    for name, value in typed.items():
        if value and name.startswith(prefix) and not value.isspace():
            number, _, column = name[start:].partition(".")
            if column and number.isdecimal():
                found.setdefault(int(number), {})[column] = value
    return {number: rows.sorted_out(row) for number, row in sorted(found.items())}


@cache
def known_names() -> frozenset[str]:
    """Return the name of every answer that may be typed in a form, in a field or in a row."""
    cells = (
        cell(rows, number, column)
        for rows in ROWS.values()
        for number in range(rows.most)
        for column in rows.columns
    )
    return frozenset((*FIELDS, *cells))


def asked(fields: Iterable[Field], typed: Typed) -> tuple[Field, ...]:
    """Return the fields that matter, given the answers so far; one that is answered stays in sight until it is cleared."""
    return tuple(field for field in fields if field.matters(typed) or is_left_over(field, typed))


def is_left_over(field: Field, typed: Typed) -> bool:
    """Tell whether a question was answered that does not matter any more; it would be sent, so nobody may overlook it."""
    return not field.matters(typed) and bool(typed.get(field.name, "").strip())
