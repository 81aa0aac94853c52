"""The one way to owe a member a mail; never commits, so it is owed exactly when what it tells of happened."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from portal.domain.letters import Words
from portal.domain.notices import NoticeState
from portal.models import Letter


def owe(session: Session, member_id: int, words: Words, *, now: datetime) -> None:
    """Owe a mail to a member, to be sent at once."""
    letter = Letter(
        name=uuid4().hex[:16], member_id=member_id, state=NoticeState.WAITING, due_at=now, tries=0
    )
    letter.words = {"subject": words.subject, "body": words.body}
    session.add(letter)
