"""What becomes of a notice: claimed by one worker, sent or failed, called by a person. Appends no event."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import vault
from portal.db import write
from portal.domain import access
from portal.domain.access import Permission
from portal.domain.audit import Act
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.lifecycle import Move
from portal.domain.notices import NoticeState
from portal.domain.orders import Actor
from portal.ledger import outbox, trail
from portal.ledger.trail import About
from portal.models import Event, Notice, Referral, StatusKey
from portal.queries import members, referrals
from portal.vault import Keys, Tampered


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a mail is made of; nothing about the patient."""

    notice_id: int
    tries: int
    to: str
    reference: str
    move: Move
    clinic: str
    status_key: str


def claim(*, now: datetime, delay: timedelta, keys: Keys) -> Letter | None:
    """Take the notice that has waited longest beyond the delay, for two minutes; None when none is due.

    One whose referral does not open is given to staff at once, and keeps no other waiting.
    """
    with write() as session:
        notice = outbox.claim(session, Notice, now=now, delay=delay)
        if notice is None:
            return None
        try:
            return _letter(session, notice, keys, now)
        except Tampered:
            outbox.mark_failed(notice, now=now, trouble=outbox.UNREADABLE, for_good=True)
            return None


def _letter(session: Session, notice: Notice, keys: Keys, now: datetime) -> Letter:
    referral = session.get_one(Referral, notice.referral_id)
    event = session.get_one(Event, notice.event_id)
    return Letter(
        notice_id=notice.id,
        tries=notice.tries,
        to=referral.answers["referrer"]["email"],
        reference=referral.reference,
        move=event.move,
        clinic=referrals.clinic_name(session, event.to_clinic_id),
        status_key=_status_key(session, referral.id, keys, now),
    )


def _status_key(session: Session, referral_id: int, keys: Keys, now: datetime) -> str:
    """Return the key of the referral's link; a new one when the portal's secret has changed or the old one ended."""
    row = referrals.latest_status_key(session, referral_id)
    key = keys.status_key(row.salt)
    if vault.digest(key) == row.digest and row.expires_at > now and row.revoked_at is None:
        return key
    link = keys.new_status_link(now)
    session.add(
        StatusKey(referral_id=referral_id, salt=link.salt, digest=link.digest, expires_at=link.expires_at)
    )
    return link.key


def sent(notice_id: int, *, now: datetime) -> None:
    """Mark a notice as handed to the mail server."""
    with write() as session:
        notice = session.get_one(Notice, notice_id, with_for_update=True)
        outbox.mark_sent(notice, now=now)


def failed(notice_id: int, *, now: datetime, trouble: str, for_good: bool) -> None:
    """Note a failed try: tried again after a pause that doubles, or given to staff when it is for good."""
    with write() as session:
        notice = session.get_one(Notice, notice_id, with_for_update=True)
        outbox.mark_failed(notice, now=now, trouble=trouble, for_good=for_good)


def retry(notice_id: int, *, member_id: int, now: datetime) -> None:
    """Send a failed notice once more, at a member's word; raises NotFound or NotAllowed."""
    with write() as session:
        notice = _get_for(session, notice_id, member_id, Permission.READ_OUTBOX)
        if notice.state is NoticeState.FAILED:
            notice.state, notice.tries, notice.trouble, notice.due_at = NoticeState.WAITING, 0, "", now


def called(notice_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a member told the patient by phone; raises NotFound or NotAllowed."""
    with write() as session:
        notice = _get_for(session, notice_id, int(actor.id), Permission.LOG_CALLS)
        if notice.state is NoticeState.TO_CALL:
            notice.state, notice.done_at, notice.done_by_id = NoticeState.CALLED, now, int(actor.id)
            referral = session.get_one(Referral, notice.referral_id)
            about = About(referral_id=referral.id, clinic_id=referral.clinic_id, facts={"notice": notice.id})
            trail.note(session, Act.CALLED, actor=actor, at=now, about=about)


def _get_for(session: Session, notice_id: int, member_id: int, permission: Permission) -> Notice:
    # What is elsewhere and what is not there take the same questions.
    memberships = members.get_memberships(session, member_id)
    asked = sa.select(Notice, Referral).join(Referral).where(Notice.id == notice_id)
    found = session.execute(asked.with_for_update(of=Notice)).one_or_none()
    if found is None:
        raise NotFound
    notice, referral = found
    held = access.permissions(memberships, referral.clinic_id, taken_on=referral.facts.taken_on)
    if not held & {Permission.READ_REFERRALS, Permission.READ_OUTBOX}:
        raise NotFound
    if permission not in held:
        raise NotAllowed("Your role at this clinic does not do this.")
    return notice
