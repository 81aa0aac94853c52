"""Who may do what, as one table of data: role by permission, at the clinics of a membership."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is at a clinic, or, without a clinic, in the whole network."""

    NETWORK_ADMIN = "network_admin"
    INTAKE_COORDINATOR = "intake_coordinator"
    TRIAGE_NURSE = "triage_nurse"
    MEDICAL_LEAD = "medical_lead"
    SITE_MANAGER = "site_manager"

    @property
    def label(self) -> str:
        """The role in words."""
        return self.value.replace("_", " ")


class Permission(StrEnum):
    """One thing that somebody may be allowed."""

    READ_REFERRALS = "read_referrals"
    CLAIM = "claim"
    RELEASE_OTHERS = "release_others"
    ASK = "ask"
    ANSWER_FOR_REFERRER = "answer_for_referrer"
    ACCEPT = "accept"
    DECLINE = "decline"
    DECLINE_CLINICALLY = "decline_clinically"
    TRANSFER = "transfer"
    WITHDRAW_FOR_PATIENT = "withdraw_for_patient"
    LOG_CALLS = "log_calls"
    READ_OUTBOX = "read_outbox"


_P = Permission
_INTAKE = frozenset(
    {
        _P.READ_REFERRALS,
        _P.CLAIM,
        _P.ASK,
        _P.ANSWER_FOR_REFERRER,
        _P.TRANSFER,
        _P.WITHDRAW_FOR_PATIENT,
        _P.LOG_CALLS,
        _P.READ_OUTBOX,
    }
)
_NURSE = _INTAKE | {_P.ACCEPT, _P.DECLINE}

TABLE: dict[Role, frozenset[Permission]] = {
    # A network admin keeps clinics, members and the mail running, and reads no clinical word.
    Role.NETWORK_ADMIN: frozenset({_P.READ_OUTBOX}),
    Role.INTAKE_COORDINATOR: _INTAKE,
    Role.TRIAGE_NURSE: _NURSE,
    Role.MEDICAL_LEAD: _NURSE | {_P.DECLINE_CLINICALLY, _P.RELEASE_OTHERS},
    Role.SITE_MANAGER: frozenset({_P.READ_REFERRALS, _P.RELEASE_OTHERS, _P.LOG_CALLS, _P.READ_OUTBOX}),
}


@dataclass(frozen=True, slots=True)
class Membership:
    """A role at one clinic; `clinic_id` None means every clinic and the network's intake queue."""

    role: Role
    clinic_id: int | None


def permissions(memberships: Iterable[Membership], clinic_id: int | None) -> frozenset[Permission]:
    """Return all that these memberships allow at a clinic, or in the intake queue when `clinic_id` is None."""
    return frozenset[Permission]().union(
        *(TABLE[held.role] for held in memberships if held.clinic_id is None or held.clinic_id == clinic_id)
    )


def reach(memberships: Iterable[Membership], permission: Permission) -> frozenset[int] | None:
    """Return the clinics at which these memberships allow one thing; None is everywhere, intake queue included."""
    allowing = [held.clinic_id for held in memberships if permission in TABLE[held.role]]
    return None if None in allowing else frozenset(place for place in allowing if place is not None)
