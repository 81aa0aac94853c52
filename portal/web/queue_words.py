"""What the queue says: clocks, whose turn it is and flags, in the time zone of each referral's clinic."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain import clock
from portal.domain.lifecycle import WAITING_ON, Move, Status
from portal.domain.queue import QueueRow
from portal.domain.vocabulary import CONDITION_LABELS, WaitingOn
from portal.queries.rules import get_targets
from portal.web import words

CLOSE = timedelta(hours=3)
"""A clock with less than this to run is marked."""
WAITING_WORDS = {WaitingOn.US: "Us", WaitingOn.REFERRER: "Referrer", WaitingOn.NOBODY: "Nobody"}
NEWS = {Move.ANSWER: "Answer came", Move.TRANSFER: "Transferred here", Move.ASK_TO_CANCEL: "Asks to cancel"}
LAST_NEWS = {Move.ADD: "Something was added"}
"""What is news only until somebody does something."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One due time in words; `state` is over, close, ok, paused or done."""

    what: str
    number: str
    due: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row of the queue in words."""

    reference: str
    who: str
    condition: str
    """Empty for a viewer who may not read it."""
    tier: str
    clock: Clock
    waiting: str
    status: str
    flags: tuple[str, ...]
    not_told: bool
    clinic: str


CANNOT_BE_OPENED = "Cannot be opened: tell the administrator"


def line(row: QueueRow, now: datetime) -> Line:
    """Return a row as the table says it."""
    turn = WAITING_WORDS[WAITING_ON[row.status]]
    return Line(
        reference=row.reference,
        who=f"{row.initials}, {row.age}" if row.initials else CANNOT_BE_OPENED,
        condition=CONDITION_LABELS[row.condition] if row.condition else "",
        tier=row.tier.value,
        clock=next_due(row, now),
        waiting=f"{turn}, {words.duration(now - row.turn_at)}",
        status=f"{row.status.label}, {row.holder}" if row.holder else row.status.label,
        flags=tuple(said for said in (NEWS.get(row.turn), LAST_NEWS.get(row.latest)) if said is not None),
        not_told=row.patient_not_told,
        clinic=row.clinic,
    )


def next_due(row: QueueRow, now: datetime) -> Clock:
    """Return the clock that runs now; deadlines are those that were promised when the referral was received."""
    if row.first_looked_at is None:
        return until("First look", row.first_look_due_at, row.zone, now)
    if row.status is Status.INFO_REQUESTED:
        asked = f"asked {words.ago(now - row.turn_at)}"
        since = f"clock paused since {short_day(local_day(row.turn_at, row.zone))}"
        return Clock(what="Reply", number=asked, due=since, state="paused")
    if row.status is Status.CANCEL_REQUESTED:
        asked = f"asked {words.ago(now - row.turn_at)}"
        return Clock(what="Cancel", number=asked, due="confirm it, or keep the referral", state="close")
    promised = clock.promises(
        row.received_at, get_targets().by_tier[row.tier], zone=row.zone, state=row.state
    )
    if promised.contact_at:
        return until("Call the patient", promised.contact_at, row.zone, now)
    return until_day("First visit", promised.consultation_on, row.zone, now)


def until(what: str, due_at: datetime, zone: str, now: datetime) -> Clock:
    """Return the clock of something due at a moment."""
    left = due_at - now
    over = left < timedelta(0)
    span = words.duration(left)
    return Clock(
        what=what,
        number=f"{span} over" if over else f"in {span}",
        due=f"due {near(due_at, zone, now)}",
        state="over" if over else "close" if left < CLOSE else "ok",
    )


def until_day(what: str, due_on: date, zone: str, now: datetime) -> Clock:
    """Return the clock of something due on a day."""
    days = (due_on - local_day(now, zone)).days
    count = f"{abs(days)}{words.NBSP}{'day' if abs(days) == 1 else 'days'}"
    number = "today" if days == 0 else f"in {count}" if days > 0 else f"{count} over"
    return Clock(
        what=what,
        number=number,
        due=f"by {short_day(due_on)}",
        state="over" if days < 0 else "close" if days == 0 else "ok",
    )


def near(moment: datetime, zone: str, now: datetime) -> str:
    """Return "today, 2:41 pm" or "Mon 23 Nov, 12:10 pm"."""
    day = local_day(moment, zone)
    said = "today" if day == local_day(now, zone) else short_day(day)
    return f"{said}, {words.clock_time(moment, zone)}"


def short_day(value: date) -> str:
    """Return "Mon 23 Nov"."""
    return f"{value:%a}{words.NBSP}{value.day}{words.NBSP}{value:%b}"


def local_day(moment: datetime, zone: str) -> date:
    """Return the date that a moment has in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
