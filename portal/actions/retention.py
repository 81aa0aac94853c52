"""Take away what its days are over for; what is kept, and how long, is one table. Referrals are never among it.

How long a medical record is kept is for the law of the state and the operator to say, so neither referrals nor what
tells of them (events, placements, notices, status keys, which events name) are removed here.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.db import write
from portal.domain.audit import Act
from portal.domain.back_off import Counted
from portal.domain.orders import Actor
from portal.ledger import sign_ins, trail
from portal.ledger.trail import About
from portal.models import Draft, Letter, Member, MemberSession, Revision, SignInTry

ROWS_AT_ONCE = 500
DAY = "retention"
"""Name of the revision that is the last day on which everything was done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Rows that go a while after a moment of theirs; a row without that moment stays."""

    name: str
    key: InstrumentedAttribute[int] | InstrumentedAttribute[str]
    since: sa.SQLColumnExpression[Any]
    keep_for: timedelta
    why: str
    stay: Callable[[Session], Collection[str]] = lambda _session: ()
    """Asks for keys of rows that stay all the same."""


def _tries_of_members(session: Session) -> list[str]:
    # NIST SP 800-63B-4 3.2.2: no more than 100 failures in a row, however slowly.
    emails = session.scalars(sa.select(Member.email))
    return [sign_ins.try_key(Counted.ACCOUNT, email) for email in emails]


RULES = (
    Rule(
        name="drafts",
        key=Draft.id,
        since=Draft.expires_at,
        keep_for=timedelta(0),
        why="DRAFT_DAYS are over; a sent one has been empty since, and a second send finds the referral itself",
    ),
    Rule(
        name="member sessions",
        key=MemberSession.id,
        since=sa.func.coalesce(MemberSession.ended_at, MemberSession.seen_at),
        keep_for=timedelta(days=30),
        why="Members see where they were signed in; the trail keeps who came in and when",
    ),
    Rule(
        name="letters",
        key=Letter.id,
        since=Letter.done_at,
        keep_for=timedelta(days=30),
        why="They are sent, and their words went then",
    ),
    Rule(
        name="sign-in tries",
        key=SignInTry.key,
        since=sa.func.coalesce(SignInTry.blocked_until, SignInTry.last_at),
        keep_for=timedelta(hours=24),
        why="Nobody tried for a day. A member's own stay until they sign in: a pause must not begin the count anew",
        stay=_tries_of_members,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """How many rows went by which rule, and whether more may be left for today."""

    counts: Mapping[str, int]
    more: bool


def is_due(session: Session, today: date) -> bool:
    """Tell whether something may be left to do today."""
    done = session.get(Revision, DAY)
    return done is None or done.number < today.toordinal()


def remove_some(*, actor: Actor, now: datetime) -> Removed:
    """Remove up to 500 rows by each rule, and say how many; the day is done when a call found less than it may take.

    Each call is one transaction with one entry of its own, so a run that is killed has told all that it did.
    """
    with write() as session:
        day, today = _get_day(session), now.date().toordinal()
        if day.number >= today:
            return Removed(counts={}, more=False)
        counts = {rule.name: _remove(session, rule, now) for rule in RULES}
        more = max(counts.values()) == ROWS_AT_ONCE
        if not more:
            day.number = today
        removed = {name: count for name, count in counts.items() if count}
        if removed:
            trail.note(session, Act.REMOVED, actor=actor, at=now, about=About(facts=removed))
        return Removed(counts=removed, more=more)


def _get_day(session: Session) -> Revision:
    """Return the last day that was done, held against other workers."""
    if session.get(Revision, DAY) is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(Revision(name=DAY, number=0))
    return session.get_one(Revision, DAY, with_for_update=True, populate_existing=True)


def _remove(session: Session, rule: Rule, now: datetime) -> int:
    over = sa.select(rule.key).where(rule.since < now - rule.keep_for, rule.key.not_in(rule.stay(session)))
    keys = session.scalars(over.limit(ROWS_AT_ONCE)).all()
    session.execute(sa.delete(rule.key.class_).where(rule.key.in_(keys)))
    return len(keys)
