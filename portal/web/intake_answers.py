"""The answers of a draft as they were read, for the last look before sending; each can be changed at its step."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from portal.domain import reading
from portal.domain.intake import NewReferral, SafetyAnswer
from portal.domain.places import Place
from portal.domain.vocabulary import CONDITION_LABELS
from portal.web import place_words, words
from portal.web.intake_draft import today
from portal.web.intake_steps import TITLES


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One answer; the note says what was typed where something else was understood."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The answers of one step, and where to change them."""

    name: str
    url: str
    rows: tuple[Row, ...]


def sections(new: NewReferral, place: Place | None) -> tuple[Section, ...]:
    """Return all answers, in the order of the steps."""
    rows: Mapping[str, tuple[Row, ...]] = {
        "patient": _patient(new, place),
        "reason": (
            Row(label="Condition", value=CONDITION_LABELS[new.condition]),
            Row(label="Why now", value=new.reason),
            Row(label="How soon", value=new.priority.label),
        ),
        "practice": (
            Row(label="Referrer", value=new.referrer.name),
            Row(label="Practice", value=new.referrer.practice),
            Row(label="Email", value=new.referrer.email),
        ),
    }
    return (
        Section(name="Safety", url=url_for("intake.safety"), rows=_safety(new.safety)),
        *(
            Section(name=TITLES[step], url=url_for("intake.step", step=step), rows=step_rows)
            for step, step_rows in rows.items()
        ),
    )


def _safety(answers: tuple[SafetyAnswer, ...]) -> tuple[Row, ...]:
    corrected = f"Corrected: {answers[-1].reason}" if answers[-1].reason else ""
    return (Row(label="Danger now", value="Yes" if answers[-1].immediate_danger else "No", note=corrected),)


def _patient(new: NewReferral, place: Place | None) -> tuple[Row, ...]:
    born = new.patient.date_of_birth
    return (
        Row(label="Name", value=new.patient.name),
        Row(label="Date of birth", value=f"{words.long_date(born)}, age {reading.age_years(born, today())}"),
        Row(label="Phone", value=reading.phone_words(new.patient.phone)),
        _place(new.patient.place, place),
    )


def _place(typed: str, place: Place | None) -> Row:
    if place is None:
        return Row(label="Will be in", value=typed, note="Not known here; the intake team finds it.")
    note = "" if typed.casefold() in place.label.casefold() else f"You typed: {typed}"
    return Row(label="Will be in", value=place_words.understood(place), note=note)
