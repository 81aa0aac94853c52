"""Add files to a draft and take them away, and act on what the scanner says later; a sent draft is never changed."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain.audit import Act
from portal.domain.drafts import DraftKey
from portal.domain.files import FileState, NewFile, refuse_beyond
from portal.domain.orders import Actor
from portal.ledger import files as ledger
from portal.ledger import trail
from portal.ledger.trail import About
from portal.models import File, FilePart
from portal.queries import drafts, files


def add_to_draft(key: DraftKey, new: NewFile, *, now: datetime, keep_for: timedelta) -> str:
    """Keep a file with a draft and return its name.

    Raises NotFound when the draft is gone or sent, NotTaken when there is no room for it: beside the draft's own files
    stand those of the referral that it amends. The draft's days are counted anew from here.
    """
    with write() as session:
        draft = drafts.get_unsent(session, key)
        refuse_beyond(files.held(session, draft_id=draft.id, referral_id=draft.amends_id), new.cleaned)
        draft.saved_at, draft.expires_at = now, now + keep_for
        return ledger.store(session, new, now=now, draft_id=draft.id)


def remove_from_draft(key: DraftKey, name: str, *, now: datetime, keep_for: timedelta) -> None:
    """Delete a file of a draft, if it is still there; raise NotFound when the draft is gone or sent."""
    with write() as session:
        draft = drafts.get_unsent(session, key)
        session.execute(sa.delete(File).where(File.draft_id == draft.id, File.name == name))
        draft.saved_at, draft.expires_at = now, now + keep_for


def release(name: str) -> None:
    """Let a file be opened that the scanner has passed."""
    with write() as session:
        _settle(session, name, FileState.CLEAN)


def remove_harmful(name: str, *, actor: Actor, now: datetime) -> None:
    """Delete the content of a file in which the scanner found something harmful; its name stays, for people to see."""
    with write() as session:
        file = _settle(session, name, FileState.REMOVED)
        if file is None:
            return
        session.execute(sa.delete(FilePart).where(FilePart.file_name == name))
        about = About(referral_id=file.referral_id, facts={"size_bytes": file.size_bytes})
        trail.note(session, Act.FILE_REMOVED, actor=actor, at=now, about=about)


def _settle(session: Session, name: str, state: FileState) -> File | None:
    """Return a file that was still in quarantine, and is in this state now."""
    file = session.scalar(
        sa.select(File).where(File.name == name, File.state == FileState.QUARANTINED).with_for_update()
    )
    if file is not None:
        file.state = state
    return file
