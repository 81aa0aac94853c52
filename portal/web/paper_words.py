"""A referral's answers as paper tells them: densely, in the order of the form, and nothing that was not answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.domain import intake, reading
from portal.domain.intake import Field, NewReferral, Rows
from portal.domain.intake.field import YES_NO_NOT_KNOWN
from portal.domain.intake.patient import FIELDS as OF_PATIENT
from portal.domain.intake.tried import TRIALS
from portal.domain.lifecycle import Move
from portal.domain.orders import ActorKind
from portal.domain.safety import NO, NOT_KNOWN, YES
from portal.queries import findings, rules
from portal.queries.paper import Printed
from portal.queries.tracking import Happening
from portal.web import answer_words, change_words, words
from portal.web.answer_words import ASKED_TOGETHER, MONTHS, Row
from portal.web.timeline import detail

NOT_ANSWERED = "Not answered"
STATUSES = frozenset(rows.status for rows in intake.ROWS.values())
"""Told beside their rows."""
ANSWERS: Mapping[str | None, str] = {
    answer: YES_NO_NOT_KNOWN.get(answer or "", NOT_ANSWERED) for answer in (YES, NOT_KNOWN, None, NO)
}
"""What a nurse must see stands first, what is settled last."""
SAID = {Move.ASK: "asked", Move.ANSWER: "answered", Move.ADD: "added", Move.WRITE: "wrote"}
"""The moves that are a conversation, by what its side did."""


def safety(new: NewReferral, zone: str) -> tuple[Row, ...]:
    """Return the safety answers that hold, then, where one did not stand, all that was said, in order."""
    said = new.safety
    history = "\n".join(f"{words.when(each.at, zone)}: {answer_words.said_at_once(each)}" for each in said)
    before = (Row(label="Said, first to last", value=history),) if len(said) > 1 else ()
    return (*answer_words.gate(said, zone), *before)


def said_since(happenings: Iterable[Happening], zone: str) -> tuple[Row, ...]:
    """Return what the clinic and the practice said to each other, oldest first."""
    return tuple(
        Row(label=words.when(each.at, zone), value=_said(each)) for each in happenings if each.move in SAID
    )


def _said(happening: Happening) -> str:
    by_clinic = happening.by is ActorKind.MEMBER
    who = words.capital(happening.to_clinic) if by_clinic else "The practice"
    did = SAID[happening.move]
    if by_clinic and happening.move in {Move.ANSWER, Move.ADD}:
        did = f"wrote down what the practice {did}"
    if happening.changed:
        did = f"changed {change_words.count(happening.changed)}"
    return ": ".join(part for part in (f"{who} {did}", detail(happening)) if part)


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
    """Return what the checklist asks one by one."""
    return answered(new, [field for field in intake.STEPS["checklist"] if field not in ASKED_TOGETHER])


def by_answer(new: NewReferral) -> tuple[Row, ...]:
    """Return the long lists of the checklist, the questions of one heading by their answers."""
    return tuple(
        Row(label=heading, value=_sorted([field for field in ASKED_TOGETHER if field.group == heading], new))
        for heading in dict.fromkeys(field.group for field in ASKED_TOGETHER)
    )


def _sorted(asked: Sequence[Field], new: NewReferral) -> str:
    """Return "Yes: a; b", then what is not known, no, and not answered, each on its line."""
    told = answer_words.by_answer(new, asked)
    if not any(questions for answer, questions in told.items() if answer):
        return NOT_ANSWERED
    return "\n".join(f"{said}: {'; '.join(told[answer])}" for answer, said in ANSWERS.items() if told[answer])


def answered(new: NewReferral, fields: Iterable[Field]) -> tuple[Row, ...]:
    """Return those of the fields that were answered and have no place of their own."""
    return answer_words.answered(new.more, [field for field in fields if field.name not in STATUSES])


def listed(new: NewReferral, rows: Rows) -> str:
    """Return rows one a line, or that there are none, or that nobody answered."""
    given = new.more.get(rows.name)
    if given:
        return "\n".join(answer_words.of_row(rows, row) for row in given)
    status = new.more.get(rows.status)
    return intake.FIELDS[rows.status].said(status) or NOT_ANSWERED


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
    return ", ".join(filter(None, (row["name"], answer_words.trial_kind(row))))


def _told(row: Mapping[str, Any]) -> str:
    """Return "150 mg a day; March 2024 to September 2024; response: partial"."""
    told = answer_words.trial_phrases(row)
    months = " to ".join(told[name] for name in MONTHS if name in told)
    others = (text for name, text in told.items() if name not in {"dose", *MONTHS})
    return "; ".join(filter(None, (told["dose"], months, *others)))
