"""Open, renew and end the sessions of members; one that let nobody in any more is never opened again."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from portal import vault
from portal.db import write
from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.domain.sessions import IDLE_AFTER, KEPT_FOR, OVER_AFTER, Kept
from portal.ledger import sign_ins, trail
from portal.ledger.trail import About
from portal.models import MemberSession


def start(actor: Actor, *, browser: str, earlier: str, now: datetime, how: Sequence[str] = ()) -> str:
    """Open a session for a member who has just proved who they are, and return its key, which only the browser keeps.

    `earlier` is the digest of the key that this browser held before, or "". That session ends; what was typed in it
    goes on into the new one when it is the same member's, and is gone when it is another's. `how` names the factors.
    """
    member_id, key = int(actor.id), vault.new_key()
    with write() as session:
        old = session.scalar(sa.select(MemberSession).where(MemberSession.digest == earlier))
        kept = old.kept if old and old.member_id == member_id and old.ended_at is None else None
        if old:
            _end(old, now)
        row = MemberSession(
            digest=vault.digest(key),
            member_id=member_id,
            signed_in_at=now,
            seen_at=now,
            proved_at=now,
            browser=browser,
        )
        row.kept = kept
        session.add(row)
        trail.note(session, Act.SIGNED_IN, actor=actor, at=now, about=About(facts={"how": list(how)}))
    return key


def renew(session_id: int, *, now: datetime, proved: bool = False) -> None:
    """Note that the member of an open session did something, or proved again who they are."""
    noted = {"seen_at": now, "proved_at": now} if proved else {"seen_at": now}
    with write() as session:
        # Asked again here: two requests at once must not open what time has closed.
        session.execute(
            sa.update(MemberSession)
            .where(
                MemberSession.id == session_id,
                MemberSession.ended_at.is_(None),
                MemberSession.seen_at > now - IDLE_AFTER,
                MemberSession.signed_in_at > now - OVER_AFTER,
            )
            .values(noted)
        )


def keep(session_id: int, *, typed: Kept | None) -> None:
    """Keep what was typed until it is sent, or forget what was kept; a session that was ended keeps nothing."""
    with write() as session:
        row = session.get_one(MemberSession, session_id, with_for_update=True)
        if row.ended_at is None:
            row.kept = {"path": typed.path, "fields": typed.fields} if typed else None


def end(digest: str, *, actor: Actor, now: datetime) -> None:
    """Sign a member out of one browser; what was typed there is gone."""
    with write() as session:
        row = session.scalar(sa.select(MemberSession).where(MemberSession.digest == digest))
        if row and row.ended_at is None:
            _end(row, now)
            trail.note(session, Act.SIGNED_OUT, actor=actor, at=now)


def end_all(member_id: int, *, actor: Actor, now: datetime, but: int | None = None) -> int:
    """End every session of a member, but for the one with this id; return how many there were."""
    with write() as session:
        count = sign_ins.end_sessions(session, member_id, now=now, but=but)
        about = About(member_id=member_id, facts={"sessions": count})
        trail.note(session, Act.SIGNED_OUT, actor=actor, at=now, about=about)
        return count


def forget_kept(*, now: datetime) -> int:
    """Forget what was typed and nobody came back for; return in how many sessions."""
    with write() as session:
        old = session.scalars(
            sa.select(MemberSession).where(
                MemberSession.sealed_kept.is_not(None), MemberSession.signed_in_at < now - KEPT_FOR
            )
        ).all()
        for row in old:
            row.kept = None
        return len(old)


def _end(row: MemberSession, now: datetime) -> None:
    row.ended_at = row.ended_at or now
    row.kept = None
