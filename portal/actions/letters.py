"""What becomes of a mail to a member or an address: claimed, sent or failed; its words go when they are needed no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import write
from portal.domain.notices import NoticeState
from portal.ledger import outbox
from portal.models import Letter, Member
from portal.vault import Tampered


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """What a mail is made of; `name` is its own, the same at each try."""

    letter_id: int
    name: str
    to: str
    subject: str
    body: str


def claim(*, now: datetime) -> Mail | None:
    """Take the letter that has waited longest, for two minutes; None when none is due.

    One whose words do not open is given up at once, and keeps no other waiting.
    """
    with write() as session:
        letter = outbox.claim(session, Letter, now=now, delay=timedelta(0))
        if letter is None:
            return None
        try:
            return _mail(session, letter)
        except Tampered:
            outbox.mark_failed(letter, now=now, trouble=outbox.UNREADABLE, for_good=True)
            return None


def _mail(session: Session, letter: Letter) -> Mail:
    words = letter.words or {}
    return Mail(
        letter_id=letter.id,
        name=letter.name,
        to=letter.address or session.get_one(Member, letter.member_id).email,
        subject=words["subject"],
        body=words["body"],
    )


def sent(letter_id: int, *, now: datetime) -> None:
    """Mark a letter as handed to the mail server, and forget its words and its address."""
    with write() as session:
        letter = session.get_one(Letter, letter_id, with_for_update=True)
        outbox.mark_sent(letter, now=now)
        letter.words = letter.address = None


def failed(letter_id: int, *, now: datetime, trouble: str, for_good: bool) -> None:
    """Note a failed try; when it was the last, its words go too. An address stays, for staff to know whom to tell."""
    with write() as session:
        letter = session.get_one(Letter, letter_id, with_for_update=True)
        outbox.mark_failed(letter, now=now, trouble=trouble, for_good=for_good)
        if letter.state is NoticeState.FAILED:
            letter.words = None
