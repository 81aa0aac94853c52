"""A session lasts fifteen minutes of nothing, and twelve hours of anything."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.sessions import KEPT_CHARS_MOST, Kept, SignIn, Standing, keep, name_browser

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sign_in(*, seen_at: datetime = NOON, ended_at: datetime | None = None) -> SignIn:
    return SignIn(
        id=1,
        member_id=2,
        signed_in_at=NOON,
        seen_at=seen_at,
        proved_at=NOON,
        ended_at=ended_at,
        browser="",
        keeps=False,
    )


@pytest.mark.parametrize(
    ("after", "standing"),
    [
        (timedelta(0), Standing.OPEN),
        (timedelta(minutes=15) - SECOND, Standing.OPEN),
        (timedelta(minutes=15), Standing.IDLE),
        (timedelta(days=400), Standing.OVER),
    ],
)
def test_it_goes_idle_after_fifteen_minutes(after: timedelta, standing: Standing) -> None:
    assert sign_in().standing(NOON + after) is standing


@pytest.mark.parametrize(
    ("after", "standing"),
    [(timedelta(hours=12) - SECOND, Standing.OPEN), (timedelta(hours=12), Standing.OVER)],
)
def test_it_is_over_after_twelve_hours_however_busy(after: timedelta, standing: Standing) -> None:
    busy = sign_in(seen_at=NOON + after - SECOND)
    assert busy.standing(NOON + after) is standing


def test_what_was_ended_stays_ended() -> None:
    assert sign_in(ended_at=NOON).standing(NOON) is Standing.ENDED


def test_ten_minutes_after_they_proved_it_a_member_is_asked_again() -> None:
    assert sign_in().is_fresh(NOON + timedelta(minutes=10) - SECOND)
    assert not sign_in(seen_at=NOON + timedelta(minutes=10)).is_fresh(NOON + timedelta(minutes=10))


def test_what_is_kept_is_what_somebody_typed_with_double_fields_and_without_the_token() -> None:
    typed = [("words", "Which dose?"), ("csrf_token", "x"), ("tick", "a"), ("tick", "b"), ("code", "")]
    assert keep("/staff/x", typed) == Kept(
        path="/staff/x", fields=(("words", "Which dose?"), ("tick", "a"), ("tick", "b"))
    )


@pytest.mark.parametrize("name", ["password", "new_password", "credential", "recovery_token", "passcode"])
def test_a_form_with_a_secret_is_not_kept(name: str) -> None:
    assert keep("/staff/x", [("words", "Which dose?"), (name, "x")]) is None


def test_no_more_is_kept_than_a_person_types() -> None:
    most = "x" * (KEPT_CHARS_MOST - len("words"))
    assert keep("/staff/x", [("words", most)]) is not None
    assert keep("/staff/x", [("words", most + "x")]) is None
    assert keep("/staff/x", [("csrf_token", "x")]) is None


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/142.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1", "Safari on a Mac"),
        ("curl/8.0 <script>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_roughly_and_in_our_words_only(sent: str, named: str) -> None:
    assert name_browser(sent) == named
