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
    hint: str = ""
    most: int
    reader: Callable[[str, date], object]
    example: str
    choices: Mapping[str, str] | None = None
    missing: str = ""
    """The way out where nothing was typed; an answer without one may be left out."""

    @property
    def required(self) -> bool:
        """Whether a referral needs this answer."""
        return bool(self.missing)

    def read(self, typed: str, today: date) -> object:
        """Return the value of what was typed; raise ValueError with a sentence that says the way out."""
        if self.missing and not typed.strip():
            raise ValueError(self.missing)
        return self.reader(typed, today)


def _by(reader: Callable[..., object], **limits: object) -> Callable[[str, date], object]:
    return lambda typed, _today: reader(typed, **limits)


def _one_of(kind: type[Condition | Tier], wrong: str, default: str = "") -> Callable[[str, date], object]:
    def choose(typed: str, _today: date) -> object:
        try:
            return kind(typed.strip() or default)
        except ValueError:
            raise ValueError(wrong) from None

    return choose


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="patient.name",
            label="Patient's name",
            hint="First and last name, as in your chart.",
            most=160,
            reader=_by(reading.name, most=160),
            example="Cedar Sampleton",
            missing="Enter the patient's name",
        ),
        Field(
            name="patient.date_of_birth",
            label="Date of birth",
            hint="Month day year, like 3 27 1985.",
            most=40,
            reader=reading.birth_date,
            example="1985-03-27",
            missing="Enter the date of birth, like 3 27 1985",
        ),
        Field(
            name="patient.phone",
            label="Mobile or home phone",
            hint="The clinic calls this number to set the first visit.",
            most=40,
            reader=_by(reading.phone),
            example="907-555-0142",
            missing="Enter a phone number with area code",
        ),
        Field(
            name="patient.place",
            label="Where the patient will be",
            hint="Town, village, ZIP code or address. It is used to find the nearest clinic.",
            most=200,
            reader=_by(reading.text, most=200),
            example="Bethel, AK",
            missing="Enter where the patient will be",
        ),
        Field(
            name="condition",
            label="Condition",
            hint="The main condition you refer for.",
            most=40,
            reader=_one_of(Condition, "Choose one of the conditions"),
            example="trd",
            choices={code.value: label for code, label in CONDITION_LABELS.items()},
            missing="Choose the condition",
        ),
        Field(
            name="reason",
            label="Why you refer now",
            hint="What was tried, what happened, and your question to the clinic.",
            most=REASON_MOST,
            reader=_by(reading.text, most=REASON_MOST, lines=True),
            example="Two adequate trials without lasting response. Asks for an opinion on infusion.",
            missing="Say why you refer now",
        ),
        Field(
            name="priority",
            label="How soon",
            hint="Routine unless you say otherwise.",
            most=10,
            reader=_one_of(Tier, "Choose routine, soon or urgent", default=Tier.ROUTINE),
            example="routine",
            choices={tier.value: tier.label for tier in reversed(Tier)},
        ),
        Field(
            name="referrer.name",
            label="Referrer's name",
            hint="The clinician who refers, with credential.",
            most=160,
            reader=_by(reading.name, most=160),
            example="Aster Mockingham, MD",
            missing="Enter the referrer's name",
        ),
        Field(
            name="referrer.practice",
            label="Practice",
            hint="Name and town of the practice.",
            most=200,
            reader=_by(reading.text, most=200),
            example="Example Kuskokwim Family Practice, Bethel",
            missing="Enter the practice",
        ),
        Field(
            name="referrer.email",
            label="Email for decisions",
            hint="Every decision is sent here, without patient details.",
            most=254,
            reader=_by(reading.email),
            example="referrals@example.com",
            missing="Enter an email address for decisions",
        ),
        Field(
            name="consent",
            label="The patient agrees to this referral and to sharing these answers with the clinic or the network's intake team.",
            most=5,
            reader=_by(reading.yes),
            example="yes",
            missing=reading.NOT_CONFIRMED,
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
