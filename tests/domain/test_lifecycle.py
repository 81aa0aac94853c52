"""The table of moves: what leads where, who may, and that nothing in it is forgotten."""

import pytest

from portal.domain import lifecycle, notices, orders, reasons
from portal.domain.access import TABLE, Permission, Role
from portal.domain.errors import Refused, Unfit
from portal.domain.lifecycle import OPEN, RULES, WAITING_ON, Facts, Move, Need, Status
from portal.domain.notices import Audience
from portal.domain.orders import Order
from portal.domain.vocabulary import WaitingOn

ALL = frozenset(Permission)
FERN = 7
SAID = {Move.ADD, Move.WRITE}
"""What can be said while a referral is open; it moves nothing."""


def moves(status: Status, held: frozenset[Permission] = ALL, holder_id: int | None = FERN) -> set[Move]:
    return {rule.move for rule in lifecycle.offered(Facts(status=status, holder_id=holder_id), held, FERN)}


def test_every_move_has_a_rule_a_notice_decision_and_a_way_out_of_every_open_status() -> None:
    assert set(RULES) == set(Move) - {Move.SUBMIT}
    assert set(notices.TOLD) == set(Move)
    assert set(WAITING_ON) == set(Status)
    assert all(any(status in rule.start for rule in RULES.values()) for status in OPEN)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", list(RULES))
def test_a_move_leads_where_the_table_says_or_is_refused(status: Status, move: Move) -> None:
    facts, leads = Facts(status=status, before=Status.ACCEPTED), dict(lifecycle.ways(RULES[move]))
    if status in RULES[move].start:
        assert lifecycle.after(facts, move) is leads[status]
    else:
        with pytest.raises(Refused, match=status.label.lower()):
            lifecycle.after(Facts(status=status), move)


def test_submitting_is_no_move_of_a_referral_that_is_there() -> None:
    with pytest.raises(Refused):
        lifecycle.after(Facts(status=Status.RECEIVED), Move.SUBMIT)


def test_a_received_referral_is_claimed_moved_on_or_withdrawn() -> None:
    assert moves(Status.RECEIVED) == {Move.CLAIM, Move.TRANSFER, Move.WITHDRAW} | SAID


def test_a_closed_referral_offers_nothing() -> None:
    assert moves(Status.DECLINED) == moves(Status.CANCELLED) == set()


def test_without_a_clinic_nothing_is_accepted() -> None:
    at_intake = Facts(status=Status.IN_TRIAGE, holder_id=FERN, at_clinic=False)
    assert RULES[Move.ACCEPT] not in lifecycle.offered(at_intake, ALL, FERN)
    with pytest.raises(Refused, match="No clinic"):
        lifecycle.after(at_intake, Move.ACCEPT)


def test_only_its_holder_or_a_manager_releases_a_referral() -> None:
    nurse = TABLE[Role.TRIAGE_NURSE]
    assert Move.RELEASE in moves(Status.IN_TRIAGE, nurse)
    assert Move.RELEASE not in moves(Status.IN_TRIAGE, nurse, holder_id=8)
    assert moves(Status.IN_TRIAGE, TABLE[Role.SITE_MANAGER], holder_id=8) == {Move.RELEASE}


def test_a_referrer_answers_when_asked_and_withdraws_before_acceptance() -> None:
    def offered(status: Status) -> set[Move]:
        return {rule.move for rule in lifecycle.offered_to_referrer(Facts(status=status))}

    assert offered(Status.INFO_REQUESTED) == {Move.ANSWER, Move.ADD, Move.WITHDRAW}
    assert offered(Status.RECEIVED) == {Move.ADD, Move.WITHDRAW}
    assert offered(Status.ACCEPTED) == {Move.ADD, Move.ASK_TO_CANCEL}
    assert offered(Status.CANCEL_REQUESTED) == {Move.ADD, Move.KEEP}
    assert offered(Status.CANCELLED) == set()


@pytest.mark.parametrize("status", sorted(OPEN))
def test_what_is_said_moves_nothing(status: Status) -> None:
    for move in SAID:
        assert lifecycle.after(Facts(status=status), move) is status


def test_a_wish_to_cancel_that_is_taken_back_leads_to_where_it_was_asked() -> None:
    for before in RULES[Move.ASK_TO_CANCEL].start:
        assert lifecycle.after(Facts(status=Status.CANCEL_REQUESTED, before=before), Move.KEEP) is before
    with pytest.raises(Refused, match="Nobody asked"):
        lifecycle.after(Facts(status=Status.CANCEL_REQUESTED), Move.KEEP)


def test_a_referral_that_is_to_be_cancelled_waits_on_us_and_is_confirmed_or_kept() -> None:
    assert Status.CANCEL_REQUESTED in OPEN
    assert WAITING_ON[Status.CANCEL_REQUESTED] is WaitingOn.US
    assert moves(Status.CANCEL_REQUESTED) == {Move.CONFIRM_CANCEL, Move.KEEP} | SAID


def test_accept_decline_and_transfer_always_tell_the_referrer() -> None:
    for move in (Move.SUBMIT, Move.ACCEPT, Move.DECLINE, Move.TRANSFER):
        assert Audience.REFERRER in {owed.audience for owed in notices.due(move)}
    assert notices.due(Move.CLAIM) == ()


def test_nobody_waits_on_a_closed_referral() -> None:
    assert {status for status in Status if WAITING_ON[status] is WaitingOn.NOBODY} == set(Status) - OPEN


def test_only_a_medical_lead_declines_on_clinical_grounds() -> None:
    assert "DC03" in reasons.choices(Move.DECLINE, TABLE[Role.MEDICAL_LEAD])
    assert "DC03" not in reasons.choices(Move.DECLINE, TABLE[Role.TRIAGE_NURSE])
    assert reasons.choices(Move.ACCEPT, ALL) == {}


@pytest.mark.parametrize("move", list(RULES))
def test_a_move_names_everything_it_misses(move: Move) -> None:
    order = Order(reference="", move=move, version=1)
    missing = {need.value for need in RULES[move].needs}
    if not missing:
        orders.check(order, ALL)
        return
    with pytest.raises(Unfit) as raised:
        orders.check(order, ALL)
    assert set(raised.value.problems) == missing


def test_a_reason_of_50000_characters_is_refused_in_words() -> None:
    with pytest.raises(Unfit, match="4,000 characters"):
        orders.check(Order(reference="", move=Move.ACCEPT, version=1, words="x" * 50_000), ALL)
    assert Need.WORDS in RULES[Move.ACCEPT].needs


def test_statuses_and_roles_have_words() -> None:
    assert Status.INFO_REQUESTED.label == "Info requested"
    assert Role.TRIAGE_NURSE.label == "triage nurse"
