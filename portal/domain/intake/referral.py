"""What a referral is made of: ten required answers and all that helps, read the same way at every door."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.domain import reading, safety
from portal.domain.errors import SafetyStop, UnderAge, Unfit
from portal.domain.intake import gate, table
from portal.domain.intake.checks import problems, step_problems
from portal.domain.intake.field import Known, Rows, Typed
from portal.domain.safety import Said
from portal.domain.vocabulary import Condition, Tier

CORE = frozenset(
    {
        "patient.name",
        "patient.date_of_birth",
        "patient.phone",
        "patient.place",
        "referrer.name",
        "referrer.practice",
        "referrer.email",
        "condition",
        "reason",
        "priority",
        "consent",
    }
)
"""The answers with an attribute of their own in `NewReferral`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """Who is sent. `phone` is E.164; `place` is the text as understood, or as typed when nobody understood it."""

    name: str
    date_of_birth: date
    phone: str
    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Referrer:
    """Who sends."""

    name: str
    practice: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReferral:
    """One request for one patient, complete and checked; every door builds this same value."""

    patient: Patient
    referrer: Referrer
    condition: Condition
    reason: str
    priority: Tier
    clinic: str | None
    """Slug of the clinic the referrer chose, or None to take the suggested one."""
    safety: tuple[Said, ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    """Every other answer that was given, by dotted name, in JSON's kinds; rows as lists of objects under their name."""


def read(typed: Typed, *, safety: tuple[Said, ...], clinic: str | None, known: Known) -> NewReferral:
    """Build the referral from typed answers by dotted name.

    Raises SafetyStop while an answer stops it, Unfit naming every wrong answer, and UnderAge for a patient under 18
    (sent nowhere: the network treats adults).
    """
    check_stops(typed, safety, known)
    wrong = gate.problems(_said(safety)) | problems(typed, ("consent",), known)
    for step in table.STEPS:
        if step != table.SAFETY:
            wrong |= step_problems(typed, step, known)
    if wrong:
        raise Unfit(wrong)
    values = {name: each.read(typed.get(name, ""), known) for name, each in table.FIELDS.items()}
    if is_minor(values["patient.date_of_birth"], known.today):
        raise UnderAge
    return NewReferral(
        patient=Patient(**_under("patient.", values, Patient)),
        referrer=Referrer(**_under("referrer.", values, Referrer)),
        condition=Condition(values["condition"]),
        reason=values["reason"],
        priority=Tier(values["priority"] or Tier.ROUTINE),
        clinic=clinic,
        safety=safety,
        more={name: value for name, value in values.items() if value is not None and _counts(name, values)}
        | {name: rows for name, rows in _rows(typed, known) if rows},
    )


def _counts(name: str, values: Mapping[str, Any]) -> bool:
    """Tell whether an answer stands beside the core; why it is urgent counts only where it is."""
    return name not in CORE and (name != "priority_reason" or values["priority"] == Tier.URGENT)


def check_stops(typed: Typed, said: tuple[Said, ...], known: Known) -> None:
    """Raise SafetyStop while a rule stops these answers: those said at the gate, or one typed since."""
    stopped = safety.stops(_said(said), known.now) | safety.fired(typed)
    if not said or stopped:
        raise SafetyStop(stopped)


def _said(said: Iterable[Said]) -> dict[str, str]:
    return safety.current(said)


def _rows(typed: Typed, known: Known) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for rows in table.ROWS.values():
        yield rows.name, read_rows(typed, rows, known)


def read_rows(typed: Typed, rows: Rows, known: Known) -> list[dict[str, Any]]:
    """Return the rows of one kind that are filled in, each by the names of its columns; raise ValueError as a reader does."""
    return [
        {
            column.name: value
            for column in rows.columns
            if (value := column.read(row.get(column.name, ""), known)) is not None
        }
        for row in table.grouped(typed, rows).values()
    ]


def is_minor(born: date, today: date) -> bool:
    """Tell whether somebody is under 18 on a day."""
    return reading.age_years(born, today) < reading.ADULT_AGE_YEARS


def _under(prefix: str, values: Mapping[str, Any], kind: type[Patient | Referrer]) -> dict[str, Any]:
    return {name: values[prefix + name] for name in kind.__dataclass_fields__}


def texts(typed: Typed, said: Iterable[Said]) -> list[str]:
    """Return what was typed freely, in fields, in rows and at the gate, where words of crisis may stand."""
    told = tuple(said)
    given = {**_said(told), **typed}
    chosen = {name for name, each in {**table.GATE, **table.FIELDS}.items() if each.choices}
    free = [value for name, value in given.items() if name not in chosen]
    return [text for text in (*free, *(each.reason for each in told)) if text]


def as_typed(new: NewReferral) -> dict[str, str]:
    """Return the answers as somebody would type them again: every reader takes back what it gave."""
    flat: dict[str, str] = {
        "condition": new.condition.value,
        "reason": new.reason,
        "priority": new.priority.value,
    }
    for group, value in (("patient", new.patient), ("referrer", new.referrer)):
        flat |= {f"{group}.{name}": str(getattr(value, name)) for name in value.__dataclass_fields__}
    for name, value in new.more.items():
        if name in table.ROWS:
            flat |= {
                f"{name}.{number}.{column}": str(cell)
                for number, row in enumerate(value)
                for column, cell in row.items()
            }
        else:
            flat[name] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return flat
