"""A form that was stopped for safety in words, for those on duty."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain import intake, reading
from portal.domain.safety import Rule
from portal.queries.safety_stops import Mark, Stopped
from portal.web import words

RULES: dict[Rule, str] = {
    Rule.E1: "High suicide risk by the screener",
    Rule.E2: "Immediate danger",
    Rule.E3: "Intent to harm another person",
    Rule.E4: "Severe mental state",
    Rule.E5: "Medical emergency",
    Rule.E6: "Intoxicated and not safe",
    Rule.E7: "Child or vulnerable adult in danger",
    Rule.E8: "Words of crisis",
}
PATIENT = "patient.name"
PHONES = frozenset({"patient.phone"})
NOBODY = "Nobody was named"
CANNOT_BE_OPENED = "Who it is cannot be opened: tell the administrator"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that was typed before the stop; `href` calls or writes."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One stop."""

    name: str
    who: str
    why: str
    when: str
    age: str
    clinic: str
    facts: tuple[Fact, ...]
    is_open: bool
    done: str
    """Who saw to it, and when."""
    words: str
    reference: str
    """The referral that the form was to change, where the reader may open it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferralStop:
    """A stop on the page of its referral; `name` opens it, and is empty for who may not."""

    name: str
    when: str
    closed: str
    """When it was closed; empty while it is open."""


def line(stopped: Stopped, *, zone: str, now: datetime) -> Line:
    """Return a stop in words; what was typed may be wrong, and is shown as it was typed."""
    return Line(
        name=stopped.name,
        who=_who(stopped),
        why=". ".join(RULES[rule] for rule in sorted(stopped.rules)),
        when=words.when(stopped.at, zone),
        age=words.ago(now - stopped.at),
        clinic=stopped.clinic,
        facts=tuple(_fact(name, value) for name, value in (stopped.who or {}).items()),
        is_open=stopped.handled_at is None,
        done=f"{stopped.handled_by}, {words.when(stopped.handled_at, zone)}" if stopped.handled_at else "",
        words=stopped.words,
        reference=stopped.reference,
    )


def on_referral(mark: Mark, *, zone: str) -> ReferralStop:
    """Return a stop as the page of its referral tells it."""
    return ReferralStop(
        name=mark.name if mark.heard else "",
        when=words.when(mark.at, zone),
        closed=words.when(mark.handled_at, zone) if mark.handled_at else "",
    )


def _who(stopped: Stopped) -> str:
    if stopped.who is None:
        return NOBODY
    if not stopped.who:
        return CANNOT_BE_OPENED
    return stopped.who.get(PATIENT, "A patient without a name yet")


def _fact(name: str, value: str) -> Fact:
    label = intake.FIELDS[name].label
    if name.endswith("email"):
        return Fact(label=label, value=value, href=f"mailto:{value}")
    if name not in PHONES:
        return Fact(label=label, value=value, href="")
    try:
        number = reading.phone(value)
    except ValueError:
        return Fact(label=label, value=value, href="")
    return Fact(label=label, value=reading.phone_words(number), href=f"tel:{number}")
