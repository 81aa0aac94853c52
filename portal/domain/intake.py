"""What a referral is made of: ten required answers, read the same way at every door."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain import reading
from portal.domain.errors import SafetyStop, UnderAge, Unfit
from portal.domain.vocabulary import CONDITION_LABELS, Condition, Tier

REASON_MOST = 4000


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
class SafetyAnswer:
    """One answer to "is anyone in immediate danger?"; a correction is a further answer with its reason."""

    immediate_danger: bool
    at: datetime
    reason: str = ""


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
    safety: tuple[SafetyAnswer, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One answer: its dotted name (the same in the form and in JSON), its words, and its reader."""

    name: str
    label: str
    hint: str
    most: int
    read: Callable[[str, date], object]
    example: str
    choices: Mapping[str, str] | None = None
    required: bool = True


def _condition(typed: str, _today: date) -> Condition:
    try:
        return Condition(typed.strip())
    except ValueError:
        raise ValueError("Choose the condition") from None


def _priority(typed: str, _today: date) -> Tier:
    try:
        return Tier(typed.strip() or Tier.ROUTINE)
    except ValueError:
        raise ValueError("Choose routine, soon or urgent") from None


def _text(most: int, *, lines: bool = False) -> Callable[[str, date], str]:
    return lambda typed, _today: reading.text(typed, most=most, lines=lines)


def _name(most: int) -> Callable[[str, date], str]:
    return lambda typed, _today: reading.name(typed, most=most)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="patient.name",
            label="Patient's name",
            hint="First and last name, as in your chart.",
            most=160,
            read=_name(160),
            example="Cedar Sampleton",
        ),
        Field(
            name="patient.date_of_birth",
            label="Date of birth",
            hint="Month day year, like 3 27 1985.",
            most=40,
            read=reading.birth_date,
            example="1985-03-27",
        ),
        Field(
            name="patient.phone",
            label="Mobile or home phone",
            hint="The clinic calls this number to set the first visit.",
            most=40,
            read=lambda typed, _today: reading.phone(typed),
            example="907-555-0142",
        ),
        Field(
            name="patient.place",
            label="Where the patient will be",
            hint="Town, village, ZIP code or address. It is used to find the nearest clinic.",
            most=200,
            read=_text(200),
            example="Bethel, AK",
        ),
        Field(
            name="condition",
            label="Condition",
            hint="The main condition you refer for.",
            most=40,
            read=_condition,
            example="trd",
            choices={code.value: label for code, label in CONDITION_LABELS.items()},
        ),
        Field(
            name="reason",
            label="Why you refer now",
            hint="What was tried, what happened, and your question to the clinic.",
            most=REASON_MOST,
            read=_text(REASON_MOST, lines=True),
            example="Two adequate trials without lasting response. Asks for an opinion on infusion.",
        ),
        Field(
            name="priority",
            label="How soon",
            hint="Routine unless you say otherwise. A nurse may raise it.",
            most=10,
            read=_priority,
            example="routine",
            choices={tier.value: tier.label for tier in reversed(Tier)},
            required=False,
        ),
        Field(
            name="referrer.name",
            label="Referrer's name",
            hint="The clinician who refers, with credential.",
            most=160,
            read=_name(160),
            example="Aster Mockingham, MD",
        ),
        Field(
            name="referrer.practice",
            label="Practice",
            hint="Name and town of the practice.",
            most=200,
            read=_text(200),
            example="Example Kuskokwim Family Practice, Bethel",
        ),
        Field(
            name="referrer.email",
            label="Email for decisions",
            hint="Every decision is sent here, without patient details.",
            most=254,
            read=lambda typed, _today: reading.email(typed),
            example="referrals@example.com",
        ),
        Field(
            name="consent",
            label="The patient agrees to this referral and to sharing these answers with the clinic.",
            hint="",
            most=5,
            read=lambda typed, _today: reading.yes(typed),
            example="yes",
        ),
    )
}
REQUIRED = tuple(field.name for field in FIELDS.values() if field.required)


def problems(typed: Mapping[str, str], names: Iterable[str], today: date) -> dict[str, str]:
    """Return a sentence for each named answer that cannot be used, in the order of the names."""
    found = {}
    for name in names:
        try:
            FIELDS[name].read(typed.get(name, ""), today)
        except ValueError as problem:
            found[name] = str(problem)
    return found


def read(
    typed: Mapping[str, str], *, safety: tuple[SafetyAnswer, ...], clinic: str | None, today: date
) -> NewReferral:
    """Build the referral from typed answers by dotted name.

    Raises SafetyStop while the last safety answer is missing or "yes", Unfit naming every wrong answer, and
    UnderAge for a patient under 18 (sent nowhere: the network treats adults).
    """
    if not safety or safety[-1].immediate_danger:
        raise SafetyStop
    wrong = problems(typed, FIELDS, today)
    if wrong:
        raise Unfit(wrong)
    values: dict[str, Any] = {name: field.read(typed.get(name, ""), today) for name, field in FIELDS.items()}
    if is_minor(values["patient.date_of_birth"], today):
        raise UnderAge
    return NewReferral(
        patient=Patient(**_under("patient.", values)),
        referrer=Referrer(**_under("referrer.", values)),
        condition=values["condition"],
        reason=values["reason"],
        priority=values["priority"],
        clinic=clinic,
        safety=safety,
    )


def is_minor(born: date, today: date) -> bool:
    """Tell whether somebody is under 18 on a day."""
    return reading.age_years(born, today) < reading.ADULT_AGE_YEARS


def _under(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
