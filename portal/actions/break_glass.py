"""Open referrals in an emergency: for a while, for a reason, and never without somebody hearing of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import access, emergency
from portal.domain.access import Membership, Permission
from portal.domain.audit import Act
from portal.domain.emergency import Plea
from portal.domain.errors import NotAllowed
from portal.domain.letters import Site
from portal.domain.orders import Actor
from portal.ledger import letters, trail
from portal.ledger.trail import About
from portal.models import BreakGlass, Member, Referral
from portal.queries import emergencies, members, referrals, rules


class Outcome(StrEnum):
    """What a plea came to."""

    OPENED = "opened"
    NOTHING = "nothing"
    """Nothing fits; it counts against guessing."""
    TOO_MANY = "too many"
    """Too many pleas opened nothing within the hour, so this one was not looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a plea came to, with the references that are open now."""

    outcome: Outcome
    references: tuple[str, ...] = ()


def plead(plea: Plea, *, actor: Actor, site: Site, now: datetime) -> Answer:
    """Grant a member an hour's reading of exactly the referrals that fit, and tell every privacy officer.

    Raises NotAllowed for a member whose roles do not break glass, NotFound for a disabled one.
    """
    with write() as session:
        memberships = _memberships(session, int(actor.id))
        if _is_guessing(session, actor, now):
            trail.note(session, Act.REFUSED, actor=actor, at=now, about=About(facts={"asked": "emergency"}))
            return Answer(outcome=Outcome.TOO_MANY)
        found = referrals.sought(session, plea.sought)
        if not found:
            _note(session, actor, now, {"opened": Outcome.NOTHING, "by": plea.sought.way})
            return Answer(outcome=Outcome.NOTHING)
        closed = [referral for referral in found if not _is_readable(referral, memberships)]
        for referral in closed:
            _grant(session, referral, plea, actor, now)
        _tell(session, [referral.reference for referral in closed], int(actor.id), site, now)
        return Answer(outcome=Outcome.OPENED, references=tuple(referral.reference for referral in found))


def _memberships(session: Session, member_id: int) -> tuple[Membership, ...]:
    # Held until the end, so that two pleas at once are counted one after the other.
    session.execute(sa.select(Member.id).where(Member.id == member_id).with_for_update())
    held = members.get_memberships(session, member_id)
    if not access.anywhere(held, Permission.BREAK_GLASS):
        raise NotAllowed("Clinicians open a referral in an emergency; ask the one on duty.")
    return held


def _is_readable(referral: Referral, memberships: tuple[Membership, ...]) -> bool:
    held = access.permissions(memberships, referral.clinic_id, taken_on=referral.facts.taken_on)
    return held >= emergency.GRANTED


def _is_guessing(session: Session, actor: Actor, now: datetime) -> bool:
    misses = emergencies.count_misses(session, str(actor), now - emergency.MISSES_WITHIN)
    return misses >= emergency.MISSES_MOST


def _grant(session: Session, referral: Referral, plea: Plea, actor: Actor, now: datetime) -> None:
    grant = BreakGlass(
        name=uuid4().hex[:16],
        member_id=int(actor.id),
        referral_id=referral.id,
        at=now,
        until=now + emergency.LASTS,
    )
    grant.reason = plea.reason
    session.add(grant)
    session.flush()
    facts = {"opened": Outcome.OPENED, "by": plea.sought.way, "grant": grant.id}
    _note(session, actor, now, facts, referral)


def _note(
    session: Session, actor: Actor, now: datetime, facts: dict[str, object], referral: Referral | None = None
) -> None:
    about = About(
        referral_id=referral.id if referral else None,
        clinic_id=referral.clinic_id if referral else None,
        facts=facts,
    )
    trail.note(session, Act.BROKE_GLASS, actor=actor, at=now, about=about)


def _tell(session: Session, references: list[str], member_id: int, site: Site, now: datetime) -> None:
    who = session.get_one(Member, member_id).name
    if not references:
        return
    zone = rules.get_targets().intake_zone
    words = emergency.letter(site, who=who, references=references, at=now, zone=zone)
    for hearer_id in emergencies.hearers(session):
        letters.owe(session, hearer_id, words, now=now)
