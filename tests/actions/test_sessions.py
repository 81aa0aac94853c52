"""Sessions open once, are renewed while they stand, and take what was typed with them to the same member alone."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from portal import vault
from portal.actions import sessions
from portal.db import db
from portal.domain.sessions import Kept, SignIn, Standing
from portal.models import AuditEntry, MemberSession
from portal.queries import sessions as rows
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TYPED = Kept(path="/staff/referrals/K7QX-M4P2/ask", fields=(("words", "Which dose?"), ("code", "IN01")))


def start(cast: Cast, name: str, *, earlier: str = "", now: datetime = NOW) -> str:
    digest = vault.digest(earlier) if earlier else ""
    return sessions.start(cast.actor(name), browser="Firefox on Linux", earlier=digest, now=now)


def get(key: str) -> SignIn:
    found = rows.find(db.session(), vault.digest(key))
    assert found is not None
    return found


def kept(key: str) -> Kept | None:
    return rows.find_kept(db.session(), get(key).id)


def test_the_database_holds_no_key(cast: Cast) -> None:
    key = start(cast, "fern")
    assert get(key).standing(NOW) is Standing.OPEN
    held = db.session.scalars(sa.select(MemberSession.digest)).all()
    assert key not in held
    assert rows.find(db.session(), key) is None


def test_each_sign_in_has_a_key_of_its_own_and_ends_the_one_before_in_that_browser(cast: Cast) -> None:
    first = start(cast, "fern")
    second = start(cast, "fern", earlier=first)
    assert first != second
    assert [get(key).standing(NOW) for key in (first, second)] == [Standing.ENDED, Standing.OPEN]


@pytest.mark.parametrize(
    ("late", "seen"), [(timedelta(minutes=14), True), (timedelta(minutes=15), False), (-MINUTE, True)]
)
def test_only_a_session_that_stands_is_renewed(cast: Cast, late: timedelta, seen: bool) -> None:
    key = start(cast, "fern")
    sessions.renew(get(key).id, now=NOW + late)
    assert (get(key).seen_at == NOW + late) is seen


def test_a_session_whose_hours_are_over_or_that_was_ended_is_not_renewed(cast: Cast) -> None:
    key = start(cast, "fern")
    for minutes in range(10, 12 * 60, 10):
        sessions.renew(get(key).id, now=NOW + minutes * MINUTE)
    late = NOW + timedelta(hours=12)
    sessions.renew(get(key).id, now=late)
    assert get(key).seen_at < late
    ended = start(cast, "fern")
    sessions.end(vault.digest(ended), actor=cast.actor("fern"), now=NOW)
    sessions.renew(get(ended).id, now=NOW + MINUTE, proved=True)
    assert get(ended).seen_at == NOW


def test_proving_it_again_makes_a_session_fresh(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.renew(get(key).id, now=NOW + 11 * MINUTE)
    assert not get(key).is_fresh(NOW + 11 * MINUTE)
    sessions.renew(get(key).id, now=NOW + 11 * MINUTE, proved=True)
    assert get(key).is_fresh(NOW + 12 * MINUTE)


def test_what_was_typed_goes_on_with_the_same_member(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.keep(get(key).id, typed=TYPED)
    later = start(cast, "fern", earlier=key, now=NOW + timedelta(hours=1))
    assert kept(later) == TYPED
    assert kept(key) is None


def test_what_was_typed_is_gone_when_another_member_signs_in_there(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.keep(get(key).id, typed=TYPED)
    assert kept(start(cast, "dahlia", earlier=key)) is None
    assert kept(key) is None


def test_what_was_typed_stands_sealed(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.keep(get(key).id, typed=TYPED)
    sealed = db.session.scalars(sa.select(MemberSession.sealed_kept)).one()
    assert sealed is not None
    assert b"dose" not in sealed


def test_what_was_typed_is_gone_after_signing_out_and_cannot_be_laid_down_there_again(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.keep(get(key).id, typed=TYPED)
    sessions.end(vault.digest(key), actor=cast.actor("fern"), now=NOW)
    assert kept(key) is None
    sessions.keep(get(key).id, typed=TYPED)
    assert kept(key) is None
    assert kept(start(cast, "fern", earlier=key)) is None


def test_what_nobody_came_back_for_is_forgotten_after_a_day(cast: Cast) -> None:
    key = start(cast, "fern")
    sessions.keep(get(key).id, typed=TYPED)
    assert sessions.forget_kept(now=NOW + timedelta(hours=24)) == 0
    assert sessions.forget_kept(now=NOW + timedelta(hours=24, seconds=1)) == 1
    assert kept(key) is None


def test_signing_out_everywhere_ends_every_session_of_that_member_but_the_one_that_is_named(
    cast: Cast,
) -> None:
    here, there, other = start(cast, "fern"), start(cast, "fern"), start(cast, "dahlia")
    fern = cast.member_id("fern")
    assert sessions.end_all(fern, actor=cast.actor("fern"), now=NOW, but=get(here).id) == 1
    assert [get(key).standing(NOW) for key in (here, there, other)] == [
        Standing.OPEN,
        Standing.ENDED,
        Standing.OPEN,
    ]
    assert [found.id for found in rows.open_ones(db.session(), fern, NOW)] == [get(here).id]
    assert sessions.end_all(fern, actor=cast.actor("fern"), now=NOW) == 1
    assert rows.open_ones(db.session(), fern, NOW) == []


def test_idle_sessions_are_not_listed_as_open(cast: Cast) -> None:
    start(cast, "fern")
    assert rows.open_ones(db.session(), cast.member_id("fern"), NOW + 15 * MINUTE) == []


def test_signing_in_and_out_is_written_down_once(cast: Cast) -> None:
    key = start(cast, "fern")
    for _ in range(2):
        sessions.end(vault.digest(key), actor=cast.actor("fern"), now=NOW)
    assert db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)).all() == [
        "signed in",
        "signed out",
    ]
