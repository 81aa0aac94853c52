"""Who may do what: the table of roles, and what it comes to at a clinic, for a referral that is or is not taken on."""

import pytest

from portal.domain import access
from portal.domain.access import ONLY_TAKEN_ON, TABLE, Membership, Permission, Role, reach
from portal.domain.lifecycle import RULES, TAKEN_ON, Facts, Status

HERE, ELSEWHERE = 1, 2
MOVES = frozenset(rule.permission for rule in RULES.values() if rule.permission) | {
    Permission.RELEASE_OTHERS,
    Permission.DECLINE_CLINICALLY,
}


def held(
    role: Role, at: int | None, *, asked: int | None = HERE, taken_on: bool = False
) -> frozenset[Permission]:
    return access.permissions((Membership(role, at),), asked, taken_on=taken_on)


def test_every_role_has_its_row_and_every_permission_somebody_who_holds_it() -> None:
    assert set(TABLE) == set(Role)
    assert frozenset[Permission]().union(*TABLE.values()) == set(Permission)


@pytest.mark.parametrize("role", list(Role))
def test_who_moves_a_referral_reads_all_of_it(role: Role) -> None:
    if TABLE[role] & MOVES:
        assert TABLE[role] >= {Permission.READ_REFERRALS, Permission.READ_CLINICAL}


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_clinical_part_knows_of_the_referral(role: Role) -> None:
    assert Permission.READ_CLINICAL not in TABLE[role] or Permission.READ_REFERRALS in TABLE[role]


@pytest.mark.parametrize("role", list(Role))
def test_who_looks_after_the_log_touches_no_referral_and_no_member(role: Role) -> None:
    if Permission.READ_AUDIT in TABLE[role]:
        assert TABLE[role] <= {Permission.READ_AUDIT, Permission.HEAR_OF_EMERGENCIES}


def test_only_clinicians_break_glass() -> None:
    assert {role for role in Role if Permission.BREAK_GLASS in TABLE[role]} == {
        Role.TRIAGE_NURSE,
        Role.MEDICAL_LEAD,
        Role.PSYCHIATRIC_REVIEWER,
        Role.PAIN_PHYSICIAN,
        Role.INFUSION_NURSE,
    }


def test_a_benefits_specialist_knows_of_referrals_and_reads_nothing_clinical() -> None:
    assert TABLE[Role.BENEFITS_SPECIALIST] == {Permission.READ_REFERRALS}


@pytest.mark.parametrize(
    "role", [Role.NETWORK_ADMIN, Role.THERAPIST, Role.CONTENT_EDITOR, Role.CONTENT_REVIEWER, Role.AUDITOR]
)
def test_who_needs_no_patient_reads_no_referral(role: Role) -> None:
    assert Permission.READ_REFERRALS not in held(role, None, taken_on=True)


def test_a_role_at_one_clinic_means_nothing_at_another() -> None:
    assert Permission.ACCEPT in held(Role.TRIAGE_NURSE, HERE)
    assert held(Role.TRIAGE_NURSE, HERE, asked=ELSEWHERE) == frozenset()
    assert held(Role.TRIAGE_NURSE, HERE, asked=None) == frozenset()


def test_a_role_in_the_network_holds_everywhere_and_in_intake() -> None:
    for asked in (None, HERE, ELSEWHERE):
        assert Permission.TRANSFER in held(Role.INTAKE_COORDINATOR, None, asked=asked)
        assert Permission.ACCEPT not in held(Role.INTAKE_COORDINATOR, None, asked=asked)


def test_an_infusion_nurse_reads_only_whom_the_clinic_has_taken_on() -> None:
    assert set(ONLY_TAKEN_ON) == {Role.INFUSION_NURSE}
    assert held(Role.INFUSION_NURSE, HERE) == frozenset()
    assert Permission.READ_CLINICAL in held(Role.INFUSION_NURSE, HERE, taken_on=True)
    assert held(Role.INFUSION_NURSE, HERE, asked=ELSEWHERE, taken_on=True) == frozenset()
    assert {status for status in Status if Facts(status=status).taken_on} == TAKEN_ON
    assert {Status.ACCEPTED, Status.CANCEL_REQUESTED} == TAKEN_ON


def test_the_reach_of_a_permission_is_where_it_is_held() -> None:
    both = (Membership(Role.BENEFITS_SPECIALIST, ELSEWHERE), Membership(Role.INFUSION_NURSE, HERE))
    assert reach(both, Permission.READ_REFERRALS, taken_on=False) == frozenset({ELSEWHERE})
    assert reach(both, Permission.READ_REFERRALS, taken_on=True) == frozenset({HERE, ELSEWHERE})
    assert reach((), Permission.READ_REFERRALS, taken_on=True) == frozenset()
    everywhere = (*both, Membership(Role.MEDICAL_LEAD, None))
    assert reach(everywhere, Permission.READ_REFERRALS, taken_on=False) is None
    assert access.anywhere(both, Permission.BREAK_GLASS)
    assert not access.anywhere(both, Permission.READ_AUDIT)
