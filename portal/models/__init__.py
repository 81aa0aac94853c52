"""The tables; a row knows only itself."""

from portal.models.access import ApiKey, StatusKey
from portal.models.amendment import Amendment, PatientMark
from portal.models.audit import AuditEntry, AuditSeal, BreakGlass
from portal.models.clinic import Clinic, Offering, Revision
from portal.models.content_key import ContentKeyRow
from portal.models.draft import Draft
from portal.models.file import File, FilePart
from portal.models.letter import Letter
from portal.models.member import Member, MembershipRow
from portal.models.notice import Notice
from portal.models.referral import Event, PlacementRow, Referral
from portal.models.reply import Reply
from portal.models.safety_event import SafetyEvent
from portal.models.sealed import Sealed
from portal.models.sign_in import MemberSession, Passkey, SignInTry

__all__ = [
    "Amendment",
    "ApiKey",
    "AuditEntry",
    "AuditSeal",
    "BreakGlass",
    "Clinic",
    "ContentKeyRow",
    "Draft",
    "Event",
    "File",
    "FilePart",
    "Letter",
    "Member",
    "MemberSession",
    "MembershipRow",
    "Notice",
    "Offering",
    "Passkey",
    "PatientMark",
    "PlacementRow",
    "Referral",
    "Reply",
    "Revision",
    "SafetyEvent",
    "Sealed",
    "SignInTry",
    "StatusKey",
]
