"""Whether events say what they said when they were written: each is held against the entry of its move; reads only."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.audit import Act
from portal.models import Event, Referral
from portal.queries import chain
from portal.queries.chain_check import Row, Seal, Trouble
from portal.vault import Ring, Tampered


def check(session: Session, ring: Ring, page: Iterable[Seal]) -> Iterator[Trouble]:
    """Find events that are gone, or are not what these entries say they were."""
    moved = list(_moved(page))
    events = _events(session, {referral_id for _, referral_id, _ in moved})
    for seal, referral_id, about in moved:
        number = about.get("event")
        event = events.get((referral_id, number))
        if event is None:
            yield Trouble(where=seal.where, said=f"event {number} of referral {referral_id} is gone")
        elif not _fits(ring, event, about.get("digest")):
            yield Trouble(where=seal.where, said=f"event {number} of referral {referral_id} was changed")


def check_standing(session: Session) -> Iterator[Trouble]:
    """Find referrals that do not stand where their last event left them: somebody wrote past the portal."""
    last = sa.and_(Event.referral_id == Referral.id, Event.number == Referral.version)
    stands = sa.and_(
        Event.to_status == Referral.status, Event.to_clinic_id.is_not_distinct_from(Referral.clinic_id)
    )
    found = session.execute(
        sa.select(Referral.id, Event.number)
        .outerjoin(Event, last)
        .where(sa.or_(Event.id.is_(None), sa.not_(stands)))
        .order_by(Referral.id)
    )
    for referral_id, number in found:
        said = (
            f"does not stand where event {number} left it" if number else "names an event that is not there"
        )
        yield Trouble(where=f"referral {referral_id}", said=said)


def _moved(page: Iterable[Seal]) -> Iterator[tuple[Seal, int, dict[str, Any]]]:
    for seal in page:
        if seal.entry and seal.entry[chain.ENTRY_ACT] == Act.MOVED:
            about = chain.facts(seal.entry[chain.ENTRY_FACTS])
            # An entry whose facts are broken is found by its seal.
            if isinstance(about, dict):
                yield seal, seal.entry[chain.ENTRY_REFERRAL], about


def _events(session: Session, referral_ids: set[int]) -> dict[tuple[Any, Any], Row]:
    found = session.execute(sa.select(*chain.EVENT).where(Event.referral_id.in_(list(referral_ids))))
    return {(row[0], row[1]): tuple(row) for row in found}


def _fits(ring: Ring, event: Row, digest: object) -> bool:
    try:
        return chain.of_event(ring, event) == digest
    except (Tampered, TypeError):
        return False
