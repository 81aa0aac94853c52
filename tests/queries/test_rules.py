"""The numbers that clinicians sign off, and the day that ages are counted to."""

from datetime import UTC, date, datetime

from portal.domain.vocabulary import Tier
from portal.queries import rules


def test_the_day_is_that_of_the_network_and_not_of_greenwich() -> None:
    assert rules.local_day(datetime(2026, 11, 24, 5, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert rules.local_day(datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_every_tier_has_its_target_and_nobody_has_signed_yet() -> None:
    targets = rules.get_targets()
    assert set(targets.by_tier) == set(Tier)
    assert targets.signed_off_by == ""
