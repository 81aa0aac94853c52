"""How complete a referral is for the clinic where it will probably go, and where to add what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from portal.db import db
from portal.domain import completeness, intake, reading, routing
from portal.domain.completeness import Meter, Wanted
from portal.domain.drafts import Draft
from portal.domain.intake.table import cell
from portal.domain.vocabulary import Condition
from portal.queries import directory, rules
from portal.web import intake_steps, words
from portal.web.intake_draft import draft, known, today

TEAM_NAME = "the network's intake team"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lacking:
    """One thing that will be asked for, why, and the address of its very field."""

    what: str
    why: str
    step: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """The meter in words."""

    given: int
    wanted: int
    clinic: str
    lacking: tuple[Lacking, ...]


def find() -> Shown | None:
    """Return the meter of this request's draft; None before its condition is known."""
    held = draft()
    if held.typed.get("condition", "") not in set(Condition):
        return None
    slug = _clinic(held)
    found = directory.current(db.session()).find(slug)
    meter = completeness.measure(_readable(held.typed), held.said, slug, rules.get_wanted())
    return Shown(
        given=meter.given,
        wanted=meter.wanted,
        clinic=found.name if found else TEAM_NAME,
        lacking=tuple(lacking(meter)),
    )


def _readable(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that can be used: what is not understood helps nobody."""
    wrong = set[str]().union(*(intake.step_problems(typed, step, known()) for step in intake_steps.TITLES))
    return {name: value for name, value in typed.items() if name not in wrong}


def lacking(meter: Meter) -> Iterator[Lacking]:
    """Return what is missing, each with the address where it is added."""
    for wanted in meter.missing:
        name = _first_field(wanted)
        url = url_for("intake.step", step=wanted.step, open=wanted.any_of[0], _anchor=name)
        yield Lacking(what=words.capital(wanted.what), why=wanted.why, step=wanted.step, url=url)


def _first_field(wanted: Wanted) -> str:
    rows = intake.ROWS.get(wanted.any_of[0])
    return cell(rows, 0, rows.columns[0]) if rows else wanted.any_of[0]


def _clinic(held: Draft) -> str:
    """Return the slug of the clinic that is wished for or suggested so far, or nothing."""
    try:
        born = reading.birth_date(held.typed.get("patient.date_of_birth", ""), today())
    except ValueError:
        return held.typed.get("clinic", "")
    need = routing.Wanted(condition=Condition(held.typed["condition"]), age=reading.age_years(born, today()))
    return routing.rank(need, intake_steps.ground().offers, held.typed.get("clinic") or None).chosen or ""
