"""How a draft begins, and how it ends when it is sent; never commits, so it ends exactly when what it became is there."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal import vault
from portal.domain import answers, drafts, safety
from portal.domain.drafts import Started
from portal.domain.errors import Changed, NotFound, SafetyStop
from portal.domain.safety import Said
from portal.models import Draft, Referral

NAME_BYTES = 8


def begin(
    session: Session,
    *,
    typed: Mapping[str, str],
    said: Iterable[Said],
    now: datetime,
    until: datetime,
    amends_id: int | None = None,
) -> tuple[Started, Draft]:
    """Begin a draft with what was said of safety so far; `amends_id` names the referral whose answers it changes."""
    started = Started(name=secrets.token_hex(NAME_BYTES), key=vault.new_key())
    row = Draft(
        name=started.name,
        key_digest=vault.digest(started.key),
        typed=dict(typed),
        safety=answers.write_safety(said),
        amends_id=amends_id,
        saved_at=now,
        expires_at=until,
    )
    session.add(row)
    return started, row


def close(session: Session, shown: drafts.Draft, referral: Referral, *, now: datetime) -> None:
    """End a draft that became a referral, or was added to one; raises NotFound, SafetyStop while it is
    stopped, and Changed when it is not as it was shown."""
    draft = session.get(Draft, shown.id, with_for_update=True)
    if draft is None:
        # It was deleted in another tab while this one was sending.
        raise NotFound
    said = answers.read_safety(draft.safety)
    stopped = safety.stops(safety.current(said), now) | safety.fired(draft.typed)
    if not said or stopped:
        raise SafetyStop(stopped)
    if drafts.seal(draft.typed, said) != shown.seal:
        raise Changed
    draft.referral_id = referral.id
    draft.typed = {}
