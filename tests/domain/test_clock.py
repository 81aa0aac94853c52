"""When somebody must act, in the clinic's own hours, days and holidays."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.domain import clock
from portal.domain.clock import Promises, Target
from portal.domain.vocabulary import Tier
from portal.queries.rules import get_targets

ALASKA = ZoneInfo("America/Anchorage")


def promised(tier: Tier, *received: int) -> Promises:
    at = datetime(*received, tzinfo=ALASKA)  # type: ignore[misc, arg-type]
    return clock.promises(at, get_targets().by_tier[tier], zone="America/Anchorage", state="AK")


def local(moment: datetime | None) -> str:
    assert moment is not None
    assert moment.tzinfo is UTC
    return moment.astimezone(ALASKA).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("tier", "received", "look"),
    [
        (Tier.URGENT, (2026, 11, 23, 9, 30), "Mon 23 Nov 13:30"),
        (Tier.URGENT, (2026, 11, 23, 15, 0), "Tue 24 Nov 11:00"),
        (Tier.URGENT, (2026, 11, 20, 18, 0), "Mon 23 Nov 13:00"),
        (Tier.URGENT, (2026, 11, 23, 13, 0), "Mon 23 Nov 17:00"),
        (Tier.SOON, (2026, 11, 23, 14, 41), "Tue 24 Nov 14:41"),
        (Tier.SOON, (2026, 11, 21, 3, 0), "Tue 24 Nov 09:00"),
        # Thanksgiving is not a business day; nor is Alaska Day, which only Alaska keeps.
        (Tier.ROUTINE, (2026, 11, 23, 14, 41), "Fri 27 Nov 14:41"),
        (Tier.SOON, (2027, 10, 15, 10, 0), "Tue 19 Oct 10:00"),
    ],
)
def test_a_first_look_is_promised_in_business_time(tier: Tier, received: tuple[int, ...], look: str) -> None:
    assert local(promised(tier, *received).first_look_at) == look


def test_a_call_is_promised_in_business_hours_and_never_before_the_first_look() -> None:
    assert local(promised(Tier.URGENT, 2026, 11, 24, 20, 0).contact_at) == "Wed 25 Nov 17:00"
    assert local(promised(Tier.URGENT, 2026, 11, 24, 10, 0).contact_at) == "Wed 25 Nov 10:00"
    # Seventy-two hours end on Thanksgiving: the call comes before, not after.
    assert local(promised(Tier.SOON, 2026, 11, 23, 14, 41).contact_at) == "Wed 25 Nov 17:00"
    # Nobody is there between Friday evening and Monday.
    assert local(promised(Tier.URGENT, 2026, 11, 20, 18, 0).contact_at) == "Mon 23 Nov 13:00"
    assert local(promised(Tier.URGENT, 2026, 11, 24, 3, 0).contact_at) == "Tue 24 Nov 17:00"
    assert promised(Tier.ROUTINE, 2026, 11, 23, 14, 41).contact_at is None


def test_a_first_visit_is_promised_in_calendar_days_of_the_clinic() -> None:
    assert promised(Tier.SOON, 2026, 11, 23, 23, 30).consultation_on == date(2026, 12, 7)


def test_the_hours_on_the_wall_stay_right_when_the_clocks_change() -> None:
    # Clocks go forward on Sunday 14 March 2027.
    assert local(promised(Tier.SOON, 2027, 3, 12, 10, 0).first_look_at) == "Mon 15 Mar 10:00"
    target = Target(first_look_hours=10, first_look_days=0, contact_hours=0, consultation_days=1)
    friday = datetime(2027, 3, 12, 16, 0, tzinfo=ALASKA)
    look = clock.promises(friday, target, zone="America/Anchorage", state="AK").first_look_at
    assert local(look) == "Tue 16 Mar 10:00"
