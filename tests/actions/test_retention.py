"""What its days are over for goes once a day, is written down, and what is still needed stays."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import retention
from portal.cli.retention import run
from portal.db import db, write
from portal.domain.audit import Act
from portal.domain.back_off import Counted
from portal.domain.notices import NoticeState
from portal.doors import days
from portal.doors.world import world
from portal.ledger import sign_ins
from portal.models import AuditEntry, Draft, Letter, MemberSession, SignInTry
from tests.build import NOW, send
from tests.cast import Cast

DAY = timedelta(days=1)


def take_away(now: datetime = NOW) -> dict[str, int] | None:
    removed = days.take_away(now=now)
    return None if removed is None else {what: count for what, count in removed.items() if count}


def keep(*rows: Any) -> None:
    with write() as session:
        session.add_all(rows)


def draft(name: str, *, expires_at: datetime) -> Draft:
    return Draft(
        name=name, key_digest=name, typed={}, safety=[], saved_at=NOW - 60 * DAY, expires_at=expires_at
    )


def tried(key: str, *, last_at: datetime, blocked_until: datetime | None = None) -> SignInTry:
    return SignInTry(key=key, failures=9, last_at=last_at, blocked_until=blocked_until)


def keys(column: Any) -> set[Any]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(column)))


def entries() -> list[dict[str, Any]]:
    db.session.rollback()
    asked = sa.select(AuditEntry.facts).where(AuditEntry.act == Act.REMOVED).order_by(AuditEntry.id)
    return list(db.session.scalars(asked))


def test_drafts_go_when_their_days_are_over_sent_or_not(app: Flask) -> None:
    sent = draft("sent", expires_at=NOW - DAY)
    keep(draft("over", expires_at=NOW - timedelta(seconds=1)), draft("open", expires_at=NOW), sent)
    reference = send().reference
    assert take_away() == {"drafts": 2}
    assert keys(Draft.name) == {"open"}
    assert entries() == [{"drafts": 2}]
    assert reference


def test_a_referral_and_all_that_tells_of_it_stays_however_old_it_is(app: Flask) -> None:
    def everything() -> list[int]:
        tables = ("referrals", "events", "placements", "notices", "status_keys")
        return [db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in tables]  # noqa: S608

    send(now=NOW - 20 * 365 * DAY)
    before = everything()
    take_away()
    assert everything() == before
    assert 0 not in before


def test_sessions_go_thirty_days_after_they_ended_or_were_last_used(app: Flask, cast: Cast) -> None:
    def session(digest: str, seen: datetime, ended: datetime | None) -> MemberSession:
        return MemberSession(
            digest=digest,
            member_id=cast.member_id("fern"),
            signed_in_at=seen,
            seen_at=seen,
            proved_at=seen,
            ended_at=ended,
        )

    old, young = NOW - 31 * DAY, NOW - 29 * DAY
    keep(session("left", old, None), session("ended", old - DAY, old))
    keep(session("used", young, None), session("ended late", old, young))
    assert take_away() == {"member sessions": 2}
    assert keys(MemberSession.digest) == {"used", "ended late"}


def test_letters_go_thirty_days_after_they_went(app: Flask, cast: Cast) -> None:
    def letter(name: str, state: NoticeState, done_at: datetime | None) -> Letter:
        member_id = cast.member_id("fern")
        return Letter(
            name=name, member_id=member_id, state=state, due_at=NOW - 90 * DAY, done_at=done_at, words=None
        )

    keep(letter("old", NoticeState.SENT, NOW - 31 * DAY), letter("new", NoticeState.SENT, NOW - 29 * DAY))
    keep(letter("waiting", NoticeState.WAITING, None))
    assert take_away() == {"letters": 1}
    assert keys(Letter.name) == {"new", "waiting"}


def test_tries_go_after_a_quiet_day_but_for_those_of_members(app: Flask) -> None:
    fern = sign_ins.try_key(Counted.ACCOUNT, "fern@example.com")
    quiet, lately = NOW - timedelta(hours=25), NOW - timedelta(hours=23)
    keep(tried("stranger", last_at=quiet), tried(fern, last_at=quiet), tried("lately", last_at=lately))
    keep(tried("blocked", last_at=quiet, blocked_until=NOW + DAY))
    assert take_away() == {"sign-in tries": 1}
    assert keys(SignInTry.key) == {fern, "lately", "blocked"}


@pytest.fixture
def mails(app: Flask) -> Iterator[Path]:
    folder = world().settings.instance_path / "mail"
    folder.mkdir(exist_ok=True)
    for name, age in (("old.eml", 31 * DAY), ("new.eml", 29 * DAY), ("old.txt", 99 * DAY)):
        (folder / name).write_text("")
        os.utime(folder / name, times=((NOW - age).timestamp(),) * 2)
    yield folder
    for path in folder.iterdir():
        path.unlink()


def test_mails_in_the_folder_go_after_thirty_days(mails: Path) -> None:
    assert take_away() == {"mail files": 1}
    assert sorted(path.name for path in mails.iterdir()) == ["new.eml", "old.txt"]


def test_it_happens_once_a_day(app: Flask) -> None:
    assert take_away() == {}
    keep(draft("over", expires_at=NOW - DAY))
    assert take_away() is None
    assert entries() == []
    assert take_away(NOW + DAY) == {"drafts": 1}


def test_many_rows_go_in_turns_and_each_is_written_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 3)
    keep(*(draft(f"over {number}", expires_at=NOW - DAY) for number in range(7)))
    assert take_away() == {"drafts": 7}
    assert entries() == [{"drafts": 3}, {"drafts": 3}, {"drafts": 1}]


def test_what_a_killed_run_left_is_done_the_same_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_ONCE", 3)
    keep(*(draft(f"over {number}", expires_at=NOW - DAY) for number in range(7)))
    actor = Cast(app).actor("fern")
    assert retention.remove_some(actor=actor, now=NOW).more
    assert take_away() == {"drafts": 4}
    assert sum(found["drafts"] for found in entries()) == 7


def test_many_workers_at_once_remove_everything_once(app: Flask) -> None:
    keep(*(draft(f"over {number}", expires_at=NOW - DAY) for number in range(40)))
    found: list[dict[str, int] | None] = []
    together = Barrier(4)

    def work() -> None:
        with app.app_context():
            together.wait()
            actor = Cast(app).actor("fern")
            found.append(dict(retention.remove_some(actor=actor, now=NOW).counts))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts.get("drafts", 0) for counts in found if counts) == 40
    assert sum(noted["drafts"] for noted in entries()) == 40
    assert keys(Draft.name) == set()


def test_an_operator_can_run_it_and_read_what_goes_when(app: Flask) -> None:
    keep(draft("over", expires_at=NOW - DAY))
    said = [app.test_cli_runner().invoke(args=["retention", verb]).output for verb in ("run", "run", "list")]
    assert said[:2] == ["Taken away: 1 drafts.\n", "Today's was taken away before.\n"]
    assert "member sessions: 30 days" in said[2]
    assert run.help
