"""How a draft ends when it is sent; never commits, so it ends exactly when what it became is there."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import answers, drafts, safety
from portal.domain.errors import Changed, NotFound, SafetyStop
from portal.models import Draft, Referral


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
