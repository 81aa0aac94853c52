"""The one way to write down who did what; never commits, so it stands or falls with what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.models import AuditEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What an act was about; `facts` tell one such act from another, and hold nothing of a patient."""

    referral_id: int | None = None
    clinic_id: int | None = None
    """Where the referral stands."""
    member_id: int | None = None
    """Whom it was done to."""
    facts: Mapping[str, Any] | None = None


NOTHING = About()


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """An act that is still to be written down."""

    act: Act
    actor: Actor
    about: About = NOTHING


def note(session: Session, act: Act, *, actor: Actor, at: datetime, about: About = NOTHING) -> None:
    """Write down one act."""
    session.add(
        AuditEntry(
            at=at,
            actor=str(actor),
            act=act,
            referral_id=about.referral_id,
            clinic_id=about.clinic_id,
            member_id=about.member_id,
            address=actor.source.address,
            request_id=actor.source.request_id,
            facts=dict(about.facts or {}),
        )
    )
