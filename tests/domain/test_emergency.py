"""What a plea must say, and what is sought: a reference, or a name with a date of birth."""

from datetime import date, datetime, timedelta

import pytest

from portal.domain import emergency, finding
from portal.domain.access import Membership, Permission, Role
from portal.domain.emergency import Grant
from portal.domain.errors import Unfit
from portal.domain.finding import Sought
from portal.domain.letters import Site
from tests.build import NOW

TODAY = date(2026, 11, 23)
GRANT = Grant(
    id=1,
    referral_id=1,
    reference="6QY4-C5M2",
    member_id=1,
    member="Fern Specimen, RN",
    at=NOW,
    until=NOW + emergency.LASTS,
)
NURSE = (Membership(Role.TRIAGE_NURSE, 1),)


def read(**typed: str) -> Sought:
    return finding.read({"reference": "", "name": "", "date_of_birth": ""} | typed, TODAY)


def wrong(**typed: str) -> set[str]:
    with pytest.raises(Unfit) as refused:
        read(**typed)
    return set(refused.value.problems)


def test_a_reference_is_enough_however_it_is_typed() -> None:
    assert read(reference=" 6qy4c5m2 ", name="", date_of_birth="nonsense") == Sought(reference="6QY4-C5M2")


def test_a_name_needs_its_date_of_birth() -> None:
    found = read(name="Cedar  Sampleton", date_of_birth="3 27 1985")
    assert found == Sought(name="Cedar Sampleton", born=date(1985, 3, 27))
    assert (found.way, read(reference="6QY4-C5M2").way) == ("name and date of birth", "reference")
    assert wrong(name="Cedar Sampleton") == {"date_of_birth"}
    assert wrong(date_of_birth="3 27 1985") == {"name"}
    assert wrong(name="123", date_of_birth="2 30 1985") == {"name", "date_of_birth"}


def test_what_names_nobody_is_asked_again() -> None:
    assert wrong() == wrong(reference="6QY4-C5M3") == {"reference"}


@pytest.mark.parametrize("typed", ["", "   ", "see chart", "because I must", "x" * 1001])
def test_a_reason_that_says_nothing_is_no_reason(typed: str) -> None:
    with pytest.raises(Unfit) as refused:
        emergency.read_reason(typed)
    assert set(refused.value.problems) == {"reason"}


def test_a_reason_in_a_few_words_is_one() -> None:
    assert (
        emergency.read_reason(" Brought in unconscious by ambulance. ")
        == "Brought in unconscious by ambulance."
    )


def test_a_grant_adds_reading_and_no_move_while_the_role_still_breaks_glass() -> None:
    nothing: frozenset[Permission] = frozenset()
    assert emergency.held(NURSE, nothing, GRANT) == {Permission.READ_REFERRALS, Permission.READ_CLINICAL}
    assert emergency.held(NURSE, nothing, None) == nothing
    assert emergency.held((Membership(Role.THERAPIST, 1),), nothing, GRANT) == nothing
    assert timedelta(minutes=60) == emergency.LASTS


def test_the_letter_says_who_when_and_which_and_nothing_of_a_patient() -> None:
    letter = emergency.letter(
        Site(name="Clinic Referrals", url="https://portal.example"),
        who="Fern Specimen, RN",
        references=["6QY4-C5M2"],
        at=datetime.fromisoformat("2026-11-23T20:05:00+00:00"),
        zone="America/Anchorage",
    )
    assert letter.subject == "Clinic Referrals: a referral was opened in an emergency"
    for said in (
        "Fern Specimen, RN opened 6QY4-C5M2",
        "Monday 23 November 2026 at 11:05",
        "60 minutes",
        "https://portal.example/staff/emergencies",
    ):
        assert said in letter.body
