"""What somebody holds on one referral, whoever they are; asked again by each action in its own transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import access
from portal.domain.access import Permission
from portal.domain.errors import NotFound
from portal.domain.orders import Actor, ActorKind
from portal.models import Referral
from portal.queries import members, referrals


def get_held(session: Session, actor: Actor, referral: Referral, now: datetime) -> frozenset[Permission]:
    """Return what a member may do here, and nothing for whoever sent it or holds its link; raise NotFound for anybody else."""
    if actor.kind is ActorKind.MEMBER:
        held = access.permissions(
            members.get_memberships(session, int(actor.id)),
            referral.clinic_id,
            taken_on=referral.facts.taken_on,
        )
        if Permission.READ_REFERRALS not in held:
            raise NotFound
        return held
    if actor.kind is ActorKind.API:
        referrals.get_sent(session, referral.reference, actor)
        return frozenset()
    if actor.kind is not ActorKind.REFERRER:
        raise NotFound
    key = referrals.find_valid_status_key(session, int(actor.id), now)
    if key is None or key.referral_id != referral.id:
        raise NotFound
    return frozenset()
