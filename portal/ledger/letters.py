"""The one way to owe a mail beside the notices; never commits, so it is owed exactly when what it tells of happened."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from portal.domain.letters import Words
from portal.domain.notices import NoticeState
from portal.models import Letter


def owe(session: Session, member_id: int, words: Words, *, now: datetime) -> None:
    """Owe a mail to a member, to be sent at once."""
    session.add(_letter(words, now, member_id=member_id))


def owe_to(session: Session, address: str, words: Words, *, now: datetime) -> None:
    """Owe a mail to somebody without an account, to be sent at once; the words are of no patient."""
    session.add(_letter(words, now, address=address))


def owe_nobody(session: Session, words: Words, *, now: datetime) -> None:
    """Write the same row to nobody and send it nowhere, so that nobody can measure whether a mail is owed."""
    letter = _letter(words, now)
    letter.state, letter.done_at = NoticeState.SENT, now
    session.add(letter)


def _letter(
    words: Words, now: datetime, *, member_id: int | None = None, address: str | None = None
) -> Letter:
    letter = Letter(
        name=uuid4().hex[:16], member_id=member_id, state=NoticeState.WAITING, due_at=now, tries=0
    )
    letter.address = address
    letter.words = {"subject": words.subject, "body": words.body}
    return letter
