"""Who may do what, as one table of data: role by permission, at the clinics of a membership."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is at a clinic, or, without a clinic, in the whole network."""

    NETWORK_ADMIN = "network_admin"
    SITE_MANAGER = "site_manager"
    INTAKE_COORDINATOR = "intake_coordinator"
    TRIAGE_NURSE = "triage_nurse"
    MEDICAL_LEAD = "medical_lead"
    PSYCHIATRIC_REVIEWER = "psychiatric_reviewer"
    PAIN_PHYSICIAN = "pain_physician"
    INFUSION_NURSE = "infusion_nurse"
    THERAPIST = "therapist"
    BENEFITS_SPECIALIST = "benefits_specialist"
    CONTENT_EDITOR = "content_editor"
    CONTENT_REVIEWER = "content_reviewer"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy_officer"

    @property
    def label(self) -> str:
        """The role in words."""
        return self.value.replace("_", " ")


class Permission(StrEnum):
    """One thing that somebody may be allowed."""

    READ_REFERRALS = "read_referrals"
    """Know that a referral exists: who, where, how to call them, how soon, at which clinic and how far it is."""
    READ_CLINICAL = "read_clinical"
    """Read the condition, the reason, the safety answers, and the words and codes of questions and decisions."""
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
    READ_AUDIT = "read_audit"
    BREAK_GLASS = "break_glass"
    """Open any referral for a while in an emergency; somebody hears of it at once."""
    HEAR_OF_EMERGENCIES = "hear_of_emergencies"
    HEAR_OF_STOPS = "hear_of_stops"
    """Be told at once when a form is stopped for a patient's safety, and write down what was done."""
    MANAGE_MEMBERS = "manage_members"

    @property
    def label(self) -> str:
        """The permission in words."""
        return self.value.replace("_", " ")


_P = Permission
_READER = frozenset({_P.READ_REFERRALS, _P.READ_CLINICAL})
_CLINICIAN = _READER | {_P.BREAK_GLASS}
_INTAKE = _READER | {
    _P.CLAIM,
    _P.ASK,
    _P.ANSWER_FOR_REFERRER,
    _P.TRANSFER,
    _P.WITHDRAW_FOR_PATIENT,
    _P.LOG_CALLS,
    _P.READ_OUTBOX,
}
_NURSE = _INTAKE | _CLINICIAN | {_P.ACCEPT, _P.DECLINE, _P.HEAR_OF_STOPS}
_NOTHING: frozenset[Permission] = frozenset()

TABLE: dict[Role, frozenset[Permission]] = {
    # A network admin keeps clinics, members and the mail running, and reads no clinical word.
    Role.NETWORK_ADMIN: frozenset({_P.READ_OUTBOX, _P.MANAGE_MEMBERS}),
    Role.SITE_MANAGER: _READER | {_P.RELEASE_OTHERS, _P.LOG_CALLS, _P.READ_OUTBOX},
    Role.INTAKE_COORDINATOR: _INTAKE,
    Role.TRIAGE_NURSE: _NURSE,
    Role.MEDICAL_LEAD: _NURSE | {_P.DECLINE_CLINICALLY, _P.RELEASE_OTHERS},
    Role.PSYCHIATRIC_REVIEWER: _CLINICIAN,
    Role.PAIN_PHYSICIAN: _CLINICIAN,
    Role.INFUSION_NURSE: _CLINICIAN,
    # A therapist has patients of their own, and nothing says yet whose they are.
    Role.THERAPIST: _NOTHING,
    Role.BENEFITS_SPECIALIST: frozenset({_P.READ_REFERRALS}),
    # The pages have no editor yet; nobody who edits them needs a patient.
    Role.CONTENT_EDITOR: _NOTHING,
    Role.CONTENT_REVIEWER: _NOTHING,
    Role.AUDITOR: frozenset({_P.READ_AUDIT}),
    Role.PRIVACY_OFFICER: frozenset({_P.READ_AUDIT, _P.HEAR_OF_EMERGENCIES}),
}
ONLY_TAKEN_ON = frozenset({Role.INFUSION_NURSE})
"""Roles that count only for patients whom the clinic has taken on."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A role at one clinic; `clinic_id` None means every clinic and the network's intake queue."""

    role: Role
    clinic_id: int | None


def permissions(
    memberships: Iterable[Membership], clinic_id: int | None, *, taken_on: bool
) -> frozenset[Permission]:
    """Return all that these memberships allow on a referral: at this clinic (None: in the intake queue), taken on or not."""
    return frozenset[Permission]().union(
        *(
            TABLE[held.role]
            for held in memberships
            if held.clinic_id in {None, clinic_id} and (taken_on or held.role not in ONLY_TAKEN_ON)
        )
    )


def reach(
    memberships: Iterable[Membership], permission: Permission, *, taken_on: bool
) -> frozenset[int] | None:
    """Return the clinics at whose referrals these memberships allow one thing; None is everywhere, intake queue included."""
    allowing = [
        held.clinic_id
        for held in memberships
        if permission in TABLE[held.role] and (taken_on or held.role not in ONLY_TAKEN_ON)
    ]
    return None if None in allowing else frozenset(place for place in allowing if place is not None)


def anywhere(memberships: Iterable[Membership], permission: Permission) -> bool:
    """Tell whether these memberships allow one thing at some clinic."""
    return any(permission in TABLE[held.role] for held in memberships)
