"""The one way to keep a file, sealed in parts, and to give it to a referral; never commits, never decides."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.files import NewFile
from portal.models import File, FilePart

NAME_BYTES = 16
PART_BYTES = 256 * 1024


def store(
    session: Session,
    new: NewFile,
    *,
    now: datetime,
    draft_id: int | None = None,
    referral_id: int | None = None,
    event_id: int | None = None,
) -> str:
    """Keep a file for a draft, or for a referral with the event that brings it; return its name for addresses.

    Whether there is room for it is for the action to ask (`domain.files.refuse_beyond`).
    """
    name, content = secrets.token_hex(NAME_BYTES), new.cleaned.content
    file = File(name=name, draft_id=draft_id, referral_id=referral_id, event_id=event_id)
    file.kind, file.state, file.size_bytes, file.added_at = new.cleaned.kind, new.state, len(content), now
    file.title = new.title
    session.add(file)
    session.flush()
    for number, start in enumerate(range(0, len(content), PART_BYTES)):
        part = FilePart(file_name=name, number=number, content=content[start : start + PART_BYTES])
        session.add(part)
        session.flush()
        # It is written; in memory it would stand once more for every part.
        session.expunge(part)
    return name


def hand_over(session: Session, *, draft_id: int, referral_id: int, event_id: int) -> int:
    """Give a draft's files to the referral that it became or was added to, by that event; return how many."""
    given = session.execute(
        sa.update(File)
        .where(File.draft_id == draft_id)
        .values(draft_id=None, referral_id=referral_id, event_id=event_id)
        .returning(File.id)
    )
    return len(given.all())


def count(session: Session, draft_id: int) -> int:
    """Return how many files a draft has."""
    return session.scalars(sa.select(sa.func.count()).where(File.draft_id == draft_id)).one()
