"""The tables; a row knows only itself."""

from portal.models.access import ApiKey, StatusKey
from portal.models.clinic import Clinic, Offering, Revision
from portal.models.draft import Draft
from portal.models.member import Member, MembershipRow
from portal.models.notice import Notice
from portal.models.referral import Event, PlacementRow, Referral

__all__ = [
    "ApiKey",
    "Clinic",
    "Draft",
    "Event",
    "Member",
    "MembershipRow",
    "Notice",
    "Offering",
    "PlacementRow",
    "Referral",
    "Revision",
    "StatusKey",
]
