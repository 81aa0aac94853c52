"""One referral with all that was told in it, for a sheet of paper; whoever asks has been let in before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import answers, places
from portal.domain.intake import NewReferral
from portal.domain.places import Place
from portal.domain.vocabulary import Tier
from portal.queries import files, referrals, tracking
from portal.queries.tracking import Decision, Happening


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """A referral as it stands now."""

    id: int
    reference: str
    clinic_id: int | None
    received_at: datetime
    tier: Tier
    new: NewReferral
    """The answers, with what was amended since."""
    decision: Decision
    place: Place | None
    """Where the patient will be, as it was understood."""
    files: tuple[str, ...]
    """The titles of what was sent along."""
    happenings: tuple[Happening, ...]
    """What happened since, oldest first."""


def get(session: Session, reference: str) -> Printed:
    """Return a referral to print; raise NotFound."""
    referral = referrals.get(session, reference)
    return Printed(
        id=referral.id,
        reference=referral.reference,
        clinic_id=referral.clinic_id,
        received_at=referral.received_at,
        tier=referral.tier,
        new=answers.read(referral.answers),
        decision=tracking.get_decision(session, referral),
        place=places.read(referrals.get_placement(session, referral.id).place),
        files=tuple(kept.title for kept in files.of_referral(session, referral.id)),
        happenings=tracking.happenings(session, referral.id),
    )
