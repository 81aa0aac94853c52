"""The one way to owe a member a mail; never commits, so it is owed exactly when what it tells of happened."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from portal.domain.letters import Words
from portal.domain.notices import NoticeState
from portal.models import Letter


def owe(session: Session, member_id: int, words: Words, *, now: datetime) -> None:
    """Owe a mail to a member, to be sent at once."""
    session.add(_letter(member_id, words, NoticeState.WAITING, now))


def owe_nobody(session: Session, words: Words, *, now: datetime) -> None:
    """Write the same row to nobody and send it nowhere, so that nobody can measure whether a mail is owed."""
    letter = _letter(None, words, NoticeState.SENT, now)
    letter.done_at = now
    session.add(letter)


def _letter(member_id: int | None, words: Words, state: NoticeState, now: datetime) -> Letter:
    letter = Letter(name=uuid4().hex[:16], member_id=member_id, state=state, due_at=now, tries=0)
    letter.words = {"subject": words.subject, "body": words.body}
    return letter
