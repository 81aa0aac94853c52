"""How the trail is chained: what is taken of each entry, and the digest that holds it to the one before; reads only.

Columns are read as the database holds them: a value that somebody broke is still a value, with another digest.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.audit import Head
from portal.models import AuditEntry, AuditSeal, Event
from portal.vault import Ring

START = bytes(32)
"""What the first link is held to."""

BEHIND = 1_000
"""How far below the newest sealed entry a late one is looked for at each look."""

LINK, MOVE = b"link", b"move"
"""What the chain's key is used for; the same words never stand for both."""


def _as_kept(column: sa.orm.InstrumentedAttribute[Any]) -> sa.Label[Any]:
    return sa.type_coerce(column, sa.String()).label(f"{column.class_.__tablename__}_{column.key}")


ENTRY = tuple(
    _as_kept(column)
    for column in (
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor,
        AuditEntry.act,
        AuditEntry.referral_id,
        AuditEntry.clinic_id,
        AuditEntry.member_id,
        AuditEntry.address,
        AuditEntry.request_id,
        AuditEntry.facts,
    )
)
SEAL = tuple(
    _as_kept(column)
    for column in (AuditSeal.number, AuditSeal.entry_id, AuditSeal.digest, AuditSeal.sealed_at)
)
EVENT_COLUMNS = (
    Event.referral_id,
    Event.number,
    Event.at,
    Event.actor,
    Event.move,
    Event.from_status,
    Event.to_status,
    Event.from_clinic_id,
    Event.to_clinic_id,
    Event.code,
    Event.rule_version,
    Event.sealed_words,
)
EVENT = tuple(_as_kept(column) for column in EVENT_COLUMNS)
EVENT_AT = 2
ENTRY_AT, ENTRY_ACT, ENTRY_REFERRAL, ENTRY_FACTS = 1, 3, 4, 9
"""Where they stand in it."""


def link(
    ring: Ring, previous: bytes, *, number: int, sealed_at: datetime | str, entry: Sequence[Any]
) -> bytes:
    """Return the digest of one link: an entry as `ENTRY` reads it, its number and time, and the link before."""
    kept = list(entry)
    kept[ENTRY_AT], kept[ENTRY_FACTS] = moment(kept[ENTRY_AT]), facts(kept[ENTRY_FACTS])
    return ring.link(LINK + previous + _text([number, moment(sealed_at), kept]))


def find_head(session: Session) -> Head | None:
    """Return the newest link."""
    newest = session.scalar(sa.select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))
    return Head(number=newest.number, digest=newest.digest, at=newest.sealed_at) if newest else None


def unsealed(session: Session, *, everywhere: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the question for entries that are not sealed yet, oldest first.

    One that came later than `BEHIND` others is found only `everywhere`, at the cost of looking at the whole trail.
    """
    newest = session.scalar(sa.select(sa.func.max(AuditSeal.entry_id))) or 0
    from_id = 0 if everywhere else newest - BEHIND
    # The seals are bounded too, so that only these few are looked at.
    sealed = sa.exists().where(AuditSeal.entry_id == AuditEntry.id, AuditSeal.entry_id > from_id)
    return sa.select(*ENTRY).where(AuditEntry.id > from_id, ~sealed).order_by(AuditEntry.id)


def has_unsealed(session: Session, *, everywhere: bool) -> bool:
    """Tell whether there is anything to seal."""
    return session.execute(unsealed(session, everywhere=everywhere).limit(1)).first() is not None


def of_event(ring: Ring, kept: Sequence[Any]) -> str:
    """Return the digest that a move's entry keeps of its event, as `EVENT` reads it; raise Tampered for broken words."""
    *plain, sealed = kept
    plain[EVENT_AT] = moment(plain[EVENT_AT])
    words = ring.open(sealed, place=Event.words.place(*plain[:EVENT_AT]))
    return ring.link(MOVE + _text([*plain, words.decode()])).hex()


def moment(kept: datetime | str) -> str:
    """Return a moment as it is chained, the same on every database; what is none stays what it is."""
    try:
        found = kept if isinstance(kept, datetime) else datetime.fromisoformat(kept)
    except (TypeError, ValueError):
        return f"no moment: {kept!r}"
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def facts(kept: Any) -> Any:
    """Return the facts of an entry; text that is no JSON stays text."""
    try:
        return json.loads(kept) if isinstance(kept, str | bytes) else kept
    except ValueError:
        return f"no facts: {kept!r}"


def _text(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=repr).encode()
