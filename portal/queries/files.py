"""Files of a draft or a referral: what there is, and the content of one, part by part."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.errors import NotFound
from portal.domain.files import FileKind, FileState, Held
from portal.models import File, FilePart
from portal.vault import Tampered

AT_ONCE = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A file without its content."""

    name: str
    title: str
    kind: FileKind
    state: FileState
    size_bytes: int
    added_at: datetime
    event_id: int | None
    """The event that brought it; None while its draft is not sent."""

    @property
    def may_be_opened(self) -> bool:
        """Whether anybody may open it."""
        return self.state is FileState.CLEAN


def of_draft(session: Session, draft_id: int) -> tuple[Kept, ...]:
    """Return a draft's files, first added first."""
    return _kept(session, File.draft_id == draft_id)


def of_referral(session: Session, referral_id: int) -> tuple[Kept, ...]:
    """Return a referral's files, first added first."""
    return _kept(session, File.referral_id == referral_id)


def get_of_draft(session: Session, draft_id: int, name: str) -> Kept:
    """Return one file of a draft that may be opened; raise NotFound."""
    return _get(session, File.draft_id == draft_id, name)


def get_of_referral(session: Session, referral_id: int, name: str) -> Kept:
    """Return one file of a referral that may be opened; raise NotFound."""
    return _get(session, File.referral_id == referral_id, name)


def held(session: Session, *, draft_id: int | None = None, referral_id: int | None = None) -> Held:
    """Return how much a draft and a referral hold together, whichever of them is named."""
    owned = [
        column == owner
        for column, owner in ((File.draft_id, draft_id), (File.referral_id, referral_id))
        if owner is not None
    ]
    count, size = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(File.size_bytes), 0)).where(
            sa.or_(*owned), File.state != FileState.REMOVED
        )
    ).one()
    return Held(count=count, size_bytes=int(size))


def quarantined(session: Session) -> tuple[Kept, ...]:
    """Return some files that the scanner has not passed, in no order: one that it never passes holds up no other."""
    asked = sa.select(File).where(File.state == FileState.QUARANTINED)
    return tuple(map(_value, session.scalars(asked.order_by(sa.func.random()).limit(AT_ONCE))))


def content(session: Session, kept: Kept) -> Iterator[bytes]:
    """Yield a file's content in order; raise Tampered when a part was changed, moved or taken away."""
    left, number = kept.size_bytes, 0
    while left > 0:
        part = session.scalar(
            sa.select(FilePart).where(FilePart.file_name == kept.name, FilePart.number == number)
        )
        if part is None:
            raise Tampered(f"files:{kept.name} has lost part {number}")
        plain = part.content
        session.expunge(part)
        left, number = left - len(plain), number + 1
        yield plain


def _kept(session: Session, where: sa.ColumnElement[bool]) -> tuple[Kept, ...]:
    return tuple(map(_value, session.scalars(sa.select(File).where(where).order_by(File.id))))


def _get(session: Session, where: sa.ColumnElement[bool], name: str) -> Kept:
    row = session.scalar(sa.select(File).where(where, File.name == name, File.state == FileState.CLEAN))
    if row is None:
        raise NotFound
    return _value(row)


def _value(row: File) -> Kept:
    return Kept(
        name=row.name,
        title=row.title,
        kind=row.kind,
        state=row.state,
        size_bytes=row.size_bytes,
        added_at=row.added_at,
        event_id=row.event_id,
    )
