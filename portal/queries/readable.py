"""Which referrals a member may read, as a condition; every list of referrals for staff is asked with it."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from portal.domain import access
from portal.domain.access import Membership, Permission
from portal.domain.lifecycle import TAKEN_ON
from portal.models import Referral

Condition = sa.ColumnElement[bool]


def readable(memberships: Iterable[Membership]) -> Condition:
    """Stand at a clinic where these memberships read referrals, or only those taken on, and be one of them."""
    held = tuple(memberships)
    always = access.reach(held, Permission.READ_REFERRALS, taken_on=False)
    once = access.reach(held, Permission.READ_REFERRALS, taken_on=True)
    if always == once:
        return _within(always)
    taken_on = sa.and_(Referral.status.in_(sorted(TAKEN_ON)), _within(once))
    return sa.or_(_within(always), taken_on) if always else taken_on


def at(clinic_ids: Collection[int | None]) -> Condition:
    """Stand at one of these clinics; one alone is asked with `=`, so that the index gives the order too."""
    known = sorted(place for place in clinic_ids if place is not None)
    at_known = Referral.clinic_id == known[0] if len(known) == 1 else Referral.clinic_id.in_(known)
    if None not in clinic_ids:
        return at_known
    return sa.or_(Referral.clinic_id.is_(None), at_known) if known else Referral.clinic_id.is_(None)


def _within(places: frozenset[int] | None) -> Condition:
    return sa.true() if places is None else at(places)
