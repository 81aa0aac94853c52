"""Counts in memory are forgotten when their time is over, and do not heap up."""

import threading
from collections.abc import Callable

import pytest

from portal.doors import counts
from portal.doors.counts import Counts

Later = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time pass without waiting for it."""
    moment = [1000.0]
    monkeypatch.setattr("time.time", lambda: moment[0])

    def wait(seconds: float) -> None:
        moment[0] += seconds

    return wait


def test_a_count_ends_with_its_minute_and_begins_anew(later: Later) -> None:
    store = Counts()
    assert [store.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    later(59)
    assert (store.get("a"), store.get_expiry("a")) == (3, 1060)
    later(2)
    assert store.get("a") == 0
    assert store.incr("a", 60) == 1


def test_addresses_that_come_once_do_not_heap_up(later: Later) -> None:
    store = Counts()
    for number in range(1000):
        store.incr(str(number), 60)
    later(counts.SWEEP_SECONDS + 1)
    store.incr("one more", 60)
    assert store.reset() == 1


def test_counting_starts_no_thread() -> None:
    before, store = threading.active_count(), Counts()
    store.incr("a", 60)
    assert threading.active_count() == before
