"""The one way to change the answers of a sent referral: beside what stood there before, and never lowering its tier."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy.orm import Session

from portal.domain import answers, tiering
from portal.domain.amending import Change
from portal.domain.intake import NewReferral
from portal.domain.tiering import Findings
from portal.ledger import patients
from portal.models import Amendment, Clinic, Event, Referral
from portal.queries import findings, referrals, rules


def amend(
    session: Session, referral: Referral, event: Event, new: NewReferral, changed: Iterable[Change]
) -> None:
    """Write the new answers and what they changed, and have the rules look at them again."""
    row = Amendment(event_id=event.id, referral_id=referral.id)
    row.changes = [asdict(change) for change in changed]
    session.add(row)
    found = findings.of(new, rules.local_day(event.at))
    referral.answers = answers.write(new)
    referral.findings = tiering.write(found)
    referral.condition = new.condition
    referral.patient_index = referrals.patient_index(new.patient.name, new.patient.date_of_birth)
    patients.mark_again(session, referral.id, new.patient)
    _raise(session, referral, found)


def _raise(session: Session, referral: Referral, found: Findings) -> None:
    """Bring the tier up to what the rules say now; promises count from when the referral came, as for any other."""
    if found.tier.rank >= referral.tier_rank:
        return
    clinic = session.get(Clinic, referral.clinic_id) if referral.clinic_id else None
    promised = rules.promises(referral.received_at, found.tier, clinic)
    referral.tier, referral.tier_rank = found.tier, found.tier.rank
    if referral.first_looked_at is None:
        referral.first_look_due_at = referral.due_at = promised.first_look_at
    else:
        referral.due_at = promised.after_look_at
