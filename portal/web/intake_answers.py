"""The answers of a draft as they were read, for the last look before sending; each can be changed at its step."""

from dataclasses import dataclass

from flask import url_for

from portal.domain import reading
from portal.domain.intake import NewReferral
from portal.domain.places import Place
from portal.doors.world import world
from portal.web import answer_words, place_words, words
from portal.web.answer_words import Row
from portal.web.intake_draft import today
from portal.web.intake_steps import TITLES


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The answers of one step, and where to change them."""

    name: str
    url: str
    rows: tuple[Row, ...]


def sections(new: NewReferral, place: Place | None) -> tuple[Section, ...]:
    """Return all answers, in the order of the steps."""
    rows = {
        "patient": (*_patient(new, place), *answer_words.more(new, "patient")),
        "reason": answer_words.reason(new),
        "tried": answer_words.more(new, "tried"),
        "checklist": answer_words.more(new, "checklist"),
        "practice": answer_words.practice(new),
    }
    said = answer_words.gate(new.safety, world().settings.home_zone)
    return (
        Section(name="Safety", url=url_for("gate.again"), rows=said),
        *(
            Section(name=TITLES[step], url=url_for("intake.step", step=step), rows=step_rows)
            for step, step_rows in rows.items()
        ),
    )


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
