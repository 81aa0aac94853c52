"""The one way to change the answers of a sent referral: beside what stood there before, and never lowering its tier."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.domain import answers, tiering
from portal.domain.intake import FIELDS, ROWS, NewReferral, as_typed
from portal.models import Amendment, Event, Referral
from portal.queries import findings

Change = dict[str, Any]


def merged(old: NewReferral, new: NewReferral, *, whole: bool) -> NewReferral:
    """Return the old answers with the new ones over them; `whole` where the new ones are all that shall stand."""
    return replace(
        new,
        clinic=old.clinic,
        safety=(*old.safety, *new.safety),
        more=dict(new.more) if whole else {**old.more, **new.more},
    )


def changes(old: NewReferral, new: NewReferral) -> list[Change]:
    """Return each answer that is another one now, with what stood there before; rows as a whole."""
    before, after = _flat(old), _flat(new)
    names = [*FIELDS, *ROWS]
    return [
        {"name": name, "before": before.get(name), "after": after.get(name)}
        for name in names
        if before.get(name) != after.get(name)
    ]


def _flat(new: NewReferral) -> dict[str, Any]:
    typed = as_typed(new)
    return {name: new.more.get(name, typed.get(name)) for name in (*FIELDS, *ROWS)}


def amend(
    session: Session,
    referral: Referral,
    event: Event,
    new: NewReferral,
    changed: list[Change],
    *,
    today: date,
) -> None:
    """Write the new answers and what they changed; the tier rises when the rules say so, and is never lowered here."""
    row = Amendment(event_id=event.id, referral_id=referral.id)
    row.changes = changed
    session.add(row)
    found = findings.of(new, today)
    referral.answers = answers.write(new)
    referral.findings = tiering.write(found)
    referral.condition = new.condition
    if found.tier.rank < referral.tier_rank:
        referral.tier, referral.tier_rank = found.tier, found.tier.rank
