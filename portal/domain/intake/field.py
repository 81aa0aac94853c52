"""What one answer of a referral is: its name, its words, how it is read, and where it matters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.domain import measures, moments, reading
from portal.domain.icd10 import Codes

Typed = Mapping[str, str]
"""Answers by dotted name, as typed."""
YES_NO_NOT_KNOWN: Mapping[str, str] = {"yes": "Yes", "no": "No", "not_known": "Not known"}
YES_NO: Mapping[str, str] = {"yes": "Yes", "no": "No"}
LISTED = "listed"
LISTED_OR_NOT: Mapping[str, str] = {LISTED: "Listed above", "none": "None", "not_known": "Not known"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What an answer is read against: the day and moment at the network's intake, its zone, and the code table."""

    now: datetime
    today: date
    zone: str
    codes: Codes
    emergency_pressure: tuple[int, int]
    """Systolic and diastolic, in mmHg, from where on it is asked whether there are symptoms now."""
    born: date | None = None
    """The patient's birthday where it is told: nothing of theirs lies before it."""


class Control(StrEnum):
    """How an answer is given."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"
    TICK = "tick"


Reader = Callable[[str, Known], object]
Matters = Callable[[Typed], bool]


def always(_typed: Typed) -> bool:
    """Ask everybody."""
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One answer: its dotted name (the same in the form and in JSON), its words, and its reader."""

    name: str
    label: str
    hint: str = ""
    """Where it holds "{zone}", the zone on whose clocks the answer is read is put in."""
    most: int = 200
    reader: Reader
    example: str
    choices: Mapping[str, str] | None = None
    missing: str = ""
    """The way out where nothing was typed; an answer without one may be left out."""
    control: Control = Control.LINE
    group: str = ""
    """The heading under which a page asks for it."""
    matters: Matters = always
    """Whether it is asked, given the answers so far."""

    @property
    def required(self) -> bool:
        """Whether a referral needs this answer."""
        return bool(self.missing)

    def read(self, typed: str, known: Known) -> Any:
        """Return the value of what was typed, None for nothing; raise ValueError with a sentence that says the way out."""
        if not typed.strip():
            if self.missing:
                raise ValueError(self.missing)
            return None
        return self.reader(typed, known)

    def hint_in(self, zone: str) -> str:
        """Return the hint with the name of the zone in it."""
        return self.hint.replace("{zone}", zone)

    def said(self, value: object) -> str:
        """Return a value in words; nothing for None."""
        if value is None:
            return ""
        if self.choices:
            return self.choices.get(str(value), str(value))
        return str(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Answers that repeat: `trials.0.name` in the form, a list of objects under `trials` in JSON."""

    name: str
    label: str
    one: str
    """What one row is called: "treatment"."""
    columns: tuple[Field, ...]
    """Named within the row; a row is read when any of them is filled in."""
    status: str
    """The answer that says "none" or "not known" in place of rows."""
    most: int = 200
    across: Callable[[Mapping[str, Any]], dict[str, str]] = lambda _row: {}
    """What in one row, once it is read, contradicts itself, by the name of the column."""
    sorted_out: Callable[[dict[str, str]], dict[str, str]] = lambda row: row
    """What is typed in one row, each part of it in the column it belongs to."""


def by(reader: Callable[..., object], **limits: object) -> Reader:
    """Return a reader that needs to know nothing."""
    return lambda typed, _known: reader(typed, **limits)


def on_day(reader: Callable[[str, date], object]) -> Reader:
    """Return a reader that needs to know the day."""
    return lambda typed, known: reader(typed, known.today)


def whole(low: int, high: int, what: str, *units: str) -> Reader:
    """Return a reader of whole numbers; `what` is what they are called, and a unit may be typed after them."""
    return by(measures.whole, low=low, high=high, what=what, units=units)


def past_day(typed: str, known: Known) -> str:
    """Read a date up to today, as ISO 8601."""
    return _since_birth(moments.past_date(typed, known.today).isoformat(), known)


def past_month(typed: str, known: Known) -> str:
    """Read a month up to this one, like "2024-03"."""
    return _since_birth(moments.month(typed, known.today).strftime("%Y-%m"), known)


def past_time(typed: str, known: Known) -> str:
    """Read a past day, month or year as exactly as it was given, like "2024-03"."""
    return _since_birth(moments.past_time(typed, known.today), known)


def _since_birth(given: str, known: Known) -> str:
    if known.born and given < known.born.isoformat()[: len(given)]:
        raise ValueError("This is before the patient was born; check it and the date of birth")
    return given


def text(most: int, *, lines: bool = False) -> Reader:
    """Return a reader of free text."""
    return by(reading.text, most=most, lines=lines)


def one_of(choices: Mapping[str, str], wrong: str = "Choose one of the answers") -> Reader:
    """Return a reader that takes the name of a choice, or its words."""
    words = {label.casefold(): value for value, label in choices.items()}

    def choose(typed: str, _known: Known) -> str:
        clean = typed.strip()
        found = clean if clean in choices else words.get(clean.casefold())
        if found is None:
            raise ValueError(wrong)
        return found

    return choose


def choice(name: str, label: str, choices: Mapping[str, str], **more: Any) -> Field:
    """Return a field that is one of a closed list."""
    wrong = more.pop("wrong", "Choose one of the answers")
    return Field(
        name=name,
        label=label,
        most=40,
        reader=one_of(choices, wrong),
        example=more.pop("example", next(iter(choices))),
        choices=choices,
        control=Control.CHOICE,
        **more,
    )


def listed_or_not(name: str, label: str, **more: Any) -> Field:
    """Return the answer in place of rows; that they are listed is what the rows say, and no answer of its own."""
    asked = choice(name, label, LISTED_OR_NOT, example="none", **more)

    def read(typed: str, known: Known) -> object:
        given = asked.reader(typed, known)
        return None if given == LISTED else given

    return replace(asked, reader=read)


def yes_no(name: str, label: str, **more: Any) -> Field:
    """Return a question with yes, no and not known."""
    return choice(name, label, YES_NO_NOT_KNOWN, wrong="Choose yes, no or not known", example="no", **more)


def line(name: str, label: str, example: str, most: int = 200, **more: Any) -> Field:
    """Return a line of text."""
    return Field(name=name, label=label, most=most, reader=text(most), example=example, **more)


def dated(name: str, label: str, example: str = "2026-11-20", **more: Any) -> Field:
    """Return a date up to today."""
    hinted = {"hint": "Like 11 20 2026.", **more}
    return Field(name=name, label=label, most=40, reader=past_day, example=example, **hinted)
