"""The answers of a draft as they were read, for the last look before sending; each can be changed at its step."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from portal.domain import reading
from portal.domain.intake import NewReferral
from portal.domain.places import Place
from portal.doors.world import world
from portal.web import answer_words, intake_notes, place_words, resistance_words, words
from portal.web.answer_words import Row
from portal.web.intake_draft import draft, today
from portal.web.intake_meter import Lacking
from portal.web.intake_steps import TITLES
from portal.web.resistance_words import Count


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """The answers of one step, where to change them, and what is missing with the address where it is added."""

    name: str
    url: str
    rows: tuple[Row, ...]
    lacking: tuple[Lacking, ...] = ()
    count: Count | None = None


def sections(new: NewReferral, place: Place | None, lacking: Iterable[Lacking]) -> tuple[Section, ...]:
    """Return all answers, in the order of the steps."""
    missing = tuple(lacking)
    rows = {
        "patient": (*_patient(new, place), *answer_words.more(new, "patient")),
        "reason": tuple(_checked(answer_words.reason(new))),
        "tried": answer_words.more(new, "tried"),
        "checklist": answer_words.checklist(new),
        "practice": answer_words.practice(new),
    }
    said = answer_words.gate(new.safety, world().settings.home_zone)
    return (
        Section(name="Safety", url=url_for("gate.again"), rows=said),
        *(
            Section(
                name=TITLES[step],
                url=url_for("intake.step", step=step),
                rows=step_rows,
                lacking=tuple(each for each in missing if each.step == step),
                count=_count(new) if step == "tried" else None,
            )
            for step, step_rows in rows.items()
        ),
    )


def _count(new: NewReferral) -> Count | None:
    return resistance_words.count(new.more.get("trials", ()), new.condition, today())


def _checked(rows: Iterable[Row]) -> Iterable[Row]:
    """Put what to check under the answer that it is about."""
    to_check = intake_notes.checks(draft().typed)
    return (replace(row, note=to_check.get(row.name, row.note)) for row in rows)


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
