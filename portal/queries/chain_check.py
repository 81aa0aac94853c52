"""Whether the trail is as it was written: every link is made again, every event is held against its entry; reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.audit import KEPT_FOR, Act, Head
from portal.models import AuditEntry, AuditSeal
from portal.queries import chain
from portal.vault import Ring

PAGE_ROWS = 2_000
UNSEALED_FOR = timedelta(minutes=1)

Row = Sequence[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One place where the trail is not as it was written."""

    where: str
    said: str

    def __str__(self) -> str:
        """Return both, as they are printed."""
        return f"{self.where}: {self.said}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """One link as it is kept; its entry is None when it is gone."""

    number: int
    entry_id: int
    digest: bytes
    sealed_at: str
    entry: Row | None

    @property
    def where(self) -> str:
        """Return what people find it by."""
        return f"number {self.number} (entry {self.entry_id})"


def links(session: Session) -> Iterator[list[Seal]]:
    """Return the chain by pages, in order, each link with its entry."""
    after = 0
    while True:
        found = session.execute(
            sa.select(*chain.SEAL, *chain.ENTRY)
            .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .where(AuditSeal.number > after)
            .order_by(AuditSeal.number)
            .limit(PAGE_ROWS)
        ).all()
        if not found:
            return
        yield [_seal(row) for row in found]
        after = found[-1][0]


def _seal(row: Row) -> Seal:
    number, entry_id, digest, sealed_at, *entry = row
    return Seal(
        number=number,
        entry_id=entry_id,
        digest=digest if isinstance(digest, bytes) else repr(digest).encode(),
        sealed_at=chain.moment(sealed_at),
        entry=entry if entry[0] is not None else None,
    )


class Walk:
    """Goes along the chain, and remembers what only its end can tell."""

    def __init__(self, ring: Ring, kept: Iterable[Head]) -> None:
        """Take the key, and the heads that were kept outside."""
        self._ring = ring
        self._heads: dict[int, set[tuple[bytes, str]]] = {}
        for head in kept:
            self._heads.setdefault(head.number, set()).add((head.digest, chain.moment(head.at)))
        self._known: tuple[bytes, ...] = (chain.START,)
        self._begun = False
        self._gone: Seal | None = None
        self._removals: list[Row] = []
        self.number = 0

    def step(self, seal: Seal) -> Iterator[Trouble]:
        """Check the next link."""
        if seal.number != self.number + 1:
            yield Trouble(
                where=f"after number {self.number}", said=f"the seals up to {seal.number - 1} are gone"
            )
            self._known = ()
        self.number = seal.number
        if any(kept != (seal.digest, seal.sealed_at) for kept in self._heads.get(seal.number, ())):
            yield Trouble(
                where=seal.where, said="the head kept outside the database has another digest or time"
            )
        if seal.entry is None:
            yield from self._pass_gone(seal)
        else:
            yield from self._check(seal, seal.entry)

    def _pass_gone(self, seal: Seal) -> Iterator[Trouble]:
        self._known = (seal.digest,)
        if self._begun:
            yield Trouble(where=seal.where, said="the entry is gone")
        else:
            self._gone = seal

    def _check(self, seal: Seal, entry: Row) -> Iterator[Trouble]:
        self._begun = True
        made = [self._link(previous, seal, entry) for previous in self._known]
        fits = seal.digest in made
        if self._known and not fits:
            yield Trouble(where=seal.where, said="the entry or its seal was changed, or is not in its place")
        if fits and entry[chain.ENTRY_ACT] == Act.REMOVED:
            self._removals.append(entry)
        # Where only the seal was forged, the next link still holds to what it was.
        self._known = (seal.digest,) if fits else (seal.digest, *made)

    def _link(self, previous: bytes, seal: Seal, entry: Row) -> bytes:
        return chain.link(self._ring, previous, number=seal.number, sealed_at=seal.sealed_at, entry=entry)

    def end(self, waiting: Iterable[Row]) -> Iterator[Trouble]:
        """Check what the end tells: whether it was cut off, and whether what is gone at the beginning was removed.

        `waiting` are the entries that are still to be sealed; the last removal may be among them.
        """
        last = max(self._heads, default=0)
        if last > self.number:
            yield Trouble(
                where=f"after number {self.number}",
                said=f"the end is cut off: the head kept outside the database is number {last}",
            )
        if not self._heads and self.number:
            yield Trouble(
                where="the end", said="no head is kept outside the database, so a cut could not be seen"
            )
        removals = [*self._removals, *(entry for entry in waiting if entry[chain.ENTRY_ACT] == Act.REMOVED)]
        if self._gone and not any(_removed(entry, self._gone) for entry in removals):
            yield Trouble(
                where=f"up to {self._gone.where}", said="the entries are gone before their six years"
            )


def _removed(entry: Row, gone: Seal) -> bool:
    """Tell whether an entry says that all up to a seal was removed, and all of it was over six years old then."""
    about = chain.facts(entry[chain.ENTRY_FACTS])
    at = datetime.fromisoformat(chain.moment(entry[chain.ENTRY_AT]))
    return bool(about.get("through") == gone.number and gone.sealed_at < chain.moment(at - KEPT_FOR))


def waiting(session: Session) -> Sequence[Row]:
    """Return the entries that are still to be sealed."""
    return session.execute(chain.unsealed(session, everywhere=True)).all()


def late(entries: Iterable[Row], now: datetime) -> Iterator[Trouble]:
    """Find entries that nobody sealed in time."""
    before = chain.moment(now - UNSEALED_FOR)
    for entry in entries:
        if chain.moment(entry[chain.ENTRY_AT]) < before:
            yield Trouble(where=f"entry {entry[0]}", said="it has been unsealed for more than a minute")
