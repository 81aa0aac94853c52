"""Drafts by name and key; without both there is no draft."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.domain import answers
from portal.domain.drafts import Draft, DraftKey
from portal.domain.errors import NotFound
from portal.models import Draft as DraftRow
from portal.models import Referral

Amended = aliased(Referral)

# Asked at every save, so they are put together once.
_ITS_KEY = (DraftRow.name == sa.bindparam("name"), DraftRow.key_digest == sa.bindparam("digest"))
_OPENED = (
    sa.select(DraftRow, Referral.reference, Amended.reference)
    .outerjoin(Referral, Referral.id == DraftRow.referral_id)
    .outerjoin(Amended, Amended.id == DraftRow.amends_id)
    .where(*_ITS_KEY, DraftRow.expires_at > sa.bindparam("now"))
)
_UNSENT = sa.select(DraftRow).where(*_ITS_KEY, DraftRow.referral_id.is_(None)).with_for_update()


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """A draft as a private link finds it, without what was typed."""

    name: str
    sent: bool


def find(session: Session, key: DraftKey, now: datetime) -> Draft | None:
    """Return the draft that a key opens while its days last, with the reference of what it became."""
    found = session.execute(_OPENED, {"name": key.name, "digest": key.digest, "now": now}).first()
    if found is None:
        return None
    row, reference, amends = found
    return Draft(
        id=row.id,
        key=key,
        typed=row.typed,
        safety=answers.read_safety(row.safety),
        reference=reference,
        amends=amends,
        saved_at=row.saved_at,
        expires_at=row.expires_at,
    )


def find_linked(session: Session, digest: str, now: datetime) -> Linked | None:
    """Return the draft that a private link opens by its key alone, while its days last."""
    found = session.execute(
        sa.select(DraftRow.name, DraftRow.referral_id).where(
            DraftRow.key_digest == digest, DraftRow.expires_at > now
        )
    ).first()
    return Linked(name=found.name, sent=found.referral_id is not None) if found else None


def find_reference(session: Session, name: str) -> str | None:
    """Return the reference of the referral that a draft became, by its name alone: for one who holds that referral."""
    return session.scalar(
        sa.select(Referral.reference)
        .join(DraftRow, DraftRow.referral_id == Referral.id)
        .where(DraftRow.name == name)
    )


def get_unsent(session: Session, key: DraftKey) -> DraftRow:
    """Return the row of a draft that is not sent, held against other writers; raise NotFound."""
    row = session.scalar(_UNSENT, {"name": key.name, "digest": key.digest})
    if row is None:
        raise NotFound
    return row
