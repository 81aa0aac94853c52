"""What cannot be used of what was typed: each answer by its reader, each row, and answers that must fit each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from portal.domain import measures, reading
from portal.domain.intake import table
from portal.domain.intake.field import LISTED, Known, Rows, Typed
from portal.domain.intake.reason import URGENT_REASON_LEAST
from portal.domain.safety import NO, YES
from portal.domain.vocabulary import Tier


def problems(typed: Typed, names: Iterable[str], known: Known) -> dict[str, str]:
    """Return a sentence for each named answer that cannot be used, in the order of the names."""
    wrong = {}
    for name in names:
        try:
            table.FIELDS[name].read(typed.get(name, ""), known)
        except ValueError as problem:
            wrong[name] = str(problem)
    return wrong


def step_problems(typed: Typed, step: str, known: Known) -> dict[str, str]:
    """Return a sentence for each answer of a step that cannot be used; rows are named like "trials.0.weeks"."""
    known = replace(known, born=_find_birthday(typed, known))
    wrong = problems(typed, (asked.name for asked in table.STEPS[step]), known)
    for rows in table.STEP_ROWS.get(step, ()):
        wrong |= row_problems(typed, rows, known)
    return wrong | {
        name: said for name, said in _across(typed, wrong, known) if name not in wrong and _in(step, name)
    }


def _find_birthday(typed: Typed, known: Known) -> date | None:
    try:
        return reading.birth_date(typed.get("patient.date_of_birth", ""), known.today)
    except ValueError:
        return None


def _in(step: str, name: str) -> bool:
    return any(asked.name == name for asked in table.STEPS[step])


def row_problems(typed: Typed, rows: Rows, known: Known) -> dict[str, str]:
    """Return a sentence for each answer in the rows of one kind that cannot be used."""
    given = table.grouped(typed, rows)
    count = max(given, default=-1) + 1
    if count > rows.most:
        return {rows.status: f"Send {rows.most} rows or fewer; this has {count:,}"}
    naming = _naming(rows)
    wrong = {
        f"{rows.name}.{number}.{name}": said
        for number, row in given.items()
        for name, said in _row(row, rows, naming, known)
    }
    if given and typed.get(rows.status, "") not in {"", LISTED}:
        wrong[rows.status] = f"A {rows.one} is listed: choose “Listed above”, or clear the {rows.one}"
    return wrong


def _row(row: Typed, rows: Rows, naming: str, known: Known) -> Iterator[tuple[str, str]]:
    values, fits = {}, True
    for column in rows.columns:
        # A row names what it is of, and may leave out everything else.
        if column.name not in row:
            continue
        try:
            values[column.name] = column.read(row[column.name], known)
        except ValueError as problem:
            fits = False
            yield column.name, str(problem)
    if naming not in row:
        yield naming, f"Enter the name, or clear this {rows.one}"
    elif fits:
        yield from rows.across(values).items()


def _naming(rows: Rows) -> str:
    return next((column for column in rows.columns if column.name == "name"), rows.columns[0]).name


def _across(typed: Typed, wrong: Mapping[str, str], known: Known) -> Iterator[tuple[str, str]]:
    """Look at answers that must fit each other."""
    urgent = typed.get("priority", "").strip().lower() == Tier.URGENT
    if urgent and len(typed.get("priority_reason", "").strip()) < URGENT_REASON_LEAST:
        yield "priority_reason", f"Say why it is urgent, in {URGENT_REASON_LEAST} characters or more"
    total, item_9 = _number(typed, "phq9.total"), _number(typed, "phq9.item_9")
    if total is not None and item_9 is not None and not {"phq9.total", "phq9.item_9"} & set(wrong):
        try:
            measures.phq9(total, item_9=item_9)
        except ValueError as problem:
            yield "phq9.item_9", str(problem)
    symptoms = typed.get("now.medical_emergency", "").strip().casefold()
    if symptoms not in {YES, NO} and is_emergency_pressure(typed, known):
        yield (
            "now.medical_emergency",
            "The blood pressure is very high: say whether there are symptoms now, yes or no",
        )


def is_emergency_pressure(typed: Typed, known: Known) -> bool:
    """Tell whether the blood pressure is one that is an emergency where there are symptoms."""
    try:
        systolic, diastolic = measures.blood_pressure(typed.get("vitals.blood_pressure", ""))
    except ValueError:
        return False
    emergency_systolic, emergency_diastolic = known.emergency_pressure
    return systolic >= emergency_systolic or diastolic >= emergency_diastolic


def _number(typed: Typed, name: str) -> int | None:
    clean = typed.get(name, "").strip()
    return int(clean) if clean.isascii() and clean.isdecimal() and len(clean) < len("1000") else None
