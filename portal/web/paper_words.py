"""A referral's answers as paper tells them: densely, in the order of the form, and nothing that was not answered."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.domain import intake, reading
from portal.domain.intake import Field, NewReferral, Rows
from portal.domain.intake.checklist import CONDITIONS, NOW
from portal.domain.intake.field import YES_NO_NOT_KNOWN
from portal.domain.intake.patient import FIELDS as OF_PATIENT
from portal.domain.intake.referral import CORE
from portal.domain.intake.tried import TRIALS
from portal.queries import findings, rules
from portal.queries.paper import Printed
from portal.web import answer_words, words
from portal.web.answer_words import Row

NOT_ANSWERED = "Not answered"
TOGETHER = frozenset({NOW, CONDITIONS})
"""Headings with so many questions that paper tells them by their answers."""
STATUSES = frozenset(rows.status for rows in intake.ROWS.values())
"""Told beside their rows."""
COLUMNS = {column.name: column for column in TRIALS.columns}


def patient(printed: Printed) -> tuple[Row, ...]:
    """Return who it is about."""
    who = printed.new.patient
    age = reading.age_years(who.date_of_birth, rules.local_day(printed.received_at))
    typed = who.place
    place = printed.place.label if printed.place else typed
    return (
        Row(label="Name", value=who.name),
        Row(label="Date of birth", value=f"{words.long_date(who.date_of_birth)}, age {age} when sent"),
        Row(label="Phone", value=reading.phone_words(who.phone)),
        Row(label="Will be in", value=place, note="" if typed == place else f"Typed: {typed}"),
        *answered(printed.new, OF_PATIENT),
    )


def checklist(new: NewReferral) -> tuple[Row, ...]:
    """Return the checklist: long lists of questions by their answers, then what was asked one by one."""
    fields = intake.STEPS["checklist"]
    return (
        *_by_answer(new, fields),
        *answered(new, [field for field in fields if field.group not in TOGETHER or not field.choices]),
    )


def answered(new: NewReferral, fields: Iterable[Field]) -> Iterator[Row]:
    """Yield those of the fields that were answered and have no place of their own."""
    return (
        Row(label=field.label, value=answer_words.value(field, new.more[field.name]))
        for field in fields
        if field.name in new.more and field.name not in CORE | STATUSES
    )


def _by_answer(new: NewReferral, fields: Iterable[Field]) -> Iterator[Row]:
    asked = [field for field in fields if field.group in TOGETHER and field.choices]
    for heading in dict.fromkeys(field.group for field in asked):
        of_heading = [field for field in asked if field.group == heading]
        lines = [
            f"{said}: {'; '.join(labels)}"
            for answer, said in (*YES_NO_NOT_KNOWN.items(), (None, NOT_ANSWERED))
            if (labels := [field.label for field in of_heading if new.more.get(field.name) == answer])
        ]
        is_open = all(field.name not in new.more for field in of_heading)
        yield Row(label=heading, value=NOT_ANSWERED if is_open else "\n".join(lines))


def listed(new: NewReferral, rows: Rows) -> str:
    """Return rows one a line, or that there are none, or that nobody answered."""
    given = new.more.get(rows.name)
    if given:
        return "\n".join(_line(rows, row) for row in given)
    status = new.more.get(rows.status)
    return intake.FIELDS[rows.status].said(status) or NOT_ANSWERED


def _line(rows: Rows, row: Mapping[str, Any]) -> str:
    return ", ".join(
        answer_words.value(column, row[column.name]) for column in rows.columns if column.name in row
    )


def trials(printed: Printed) -> tuple[Row, ...]:
    """Return each treatment that was tried, with the working of whether it counts as an adequate trial."""
    counted = findings.resistance(printed.new, rules.local_day(printed.received_at))
    given = printed.new.more.get(TRIALS.name, ())
    return tuple(
        Row(label=_name(row), value=_told(row), note=working.said)
        for row, working in zip(given, counted.rows, strict=True)
    )


def adequate(printed: Printed) -> str:
    """Return how many of the trials are adequate, in a sentence; nothing where none was told."""
    if not printed.new.more.get(TRIALS.name):
        return ""
    return findings.resistance(printed.new, rules.local_day(printed.received_at)).said


def _name(row: Mapping[str, Any]) -> str:
    kind = COLUMNS["kind"].said(row.get("kind"))
    return ", ".join(filter(None, (row.get("name", ""), "" if kind == "Medicine" else kind))) or kind


def _told(row: Mapping[str, Any]) -> str:
    said = {name: answer_words.value(COLUMNS[name], row[name]) for name in COLUMNS if name in row}
    dose = " ".join(filter(None, (said.get("dose"), said.get("unit"))))
    months = " to ".join(filter(None, (said.get("started"), said.get("stopped"))))
    weeks = f"{said['weeks']} weeks" if "weeks" in said else ""
    others = (
        f"{COLUMNS[name].label.rstrip('?').lower()}: {said[name].lower()}"
        for name in ("current_episode", "response", "stopped_why", "adherence")
        if name in said
    )
    return "; ".join(filter(None, (dose, months, weeks, *others)))
