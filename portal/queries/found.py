"""What is found of what was sought, only among what the asker may read; no patient's name leaves here."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.domain.finding import Sought
from portal.domain.lifecycle import Status
from portal.domain.queue import Viewer
from portal.models import Clinic, Referral
from portal.queries.readable import readable
from portal.queries.referrals import INTAKE_NAME, SOUGHT_MOST, fits
from portal.queries.rules import get_targets


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One referral, open or closed, as a list shows it."""

    id: int
    reference: str
    status: Status
    clinic: str
    zone: str
    received_at: datetime


def among_readable(session: Session, sought: Sought, viewer: Viewer) -> list[Found]:
    """Return what fits and this viewer may read, latest first; one question, whether or not there is more elsewhere."""
    rows = session.execute(
        sa.select(
            Referral.id,
            Referral.reference,
            Referral.status,
            sa.func.coalesce(Clinic.name, INTAKE_NAME).label("clinic"),
            sa.func.coalesce(Clinic.zone, get_targets().intake_zone).label("zone"),
            Referral.received_at,
        )
        .outerjoin(Clinic, Clinic.id == Referral.clinic_id)
        .where(fits(sought), readable(viewer.memberships))
        .order_by(Referral.id.desc())
        .limit(SOUGHT_MOST)
    )
    return [Found(**row._mapping) for row in rows]
