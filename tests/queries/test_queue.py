"""The queue's page: what a member may read, in order, filtered, page by page, with two questions to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal.actions import notices
from portal.db import db, write
from portal.domain.lifecycle import Move, Status
from portal.domain.queue import Cursor, Due, Filters, Held, Page, Viewer, read_cursor
from portal.domain.vocabulary import Tier, WaitingOn
from portal.models import Notice, Referral
from portal.queries import members, queue
from tests.build import ANCHORAGE_PLACE, NOW, move, new_referral, send, stored
from tests.cast import ANCHORAGE, FAIRBANKS, Cast
from tests.html import page as read
from tests.html import words

LATER = NOW + timedelta(days=30)


def viewer(cast: Cast, name: str) -> Viewer:
    member_id = cast.member_id(name)
    return Viewer(member_id=member_id, memberships=members.get_memberships(db.session(), member_id))


def ask(cast: Cast, name: str, filters: Filters | None = None, *, after: Cursor | None = None) -> Page:
    return queue.page(
        db.session(), viewer=viewer(cast, name), filters=filters or Filters(), after=after, now=NOW
    )


def references(page: Page) -> list[str]:
    return [row.reference for row in page.rows]


@contextmanager
def questions() -> Iterator[list[str]]:
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def test_urgent_comes_first_then_what_is_due_then_what_came_first(app: Flask, cast: Cast) -> None:
    late = send(new_referral(priority=Tier.SOON), now=NOW + timedelta(days=3)).reference
    soon = send(new_referral(priority=Tier.SOON)).reference
    also_soon = send(new_referral(priority=Tier.SOON)).reference
    routine = send().reference
    urgent = send(new_referral(priority=Tier.URGENT), now=NOW + timedelta(days=9)).reference
    assert references(ask(cast, "dahlia")) == [urgent, soon, also_soon, late, routine]


def test_a_member_reads_the_queue_of_their_clinic_and_no_other(app: Flask, cast: Cast) -> None:
    here = send(place=ANCHORAGE_PLACE).reference
    there = send().reference
    nowhere = send(place=None).reference
    assert references(ask(cast, "fern")) == [here]
    assert references(ask(cast, "dahlia")) == [there]
    assert references(ask(cast, "birch")) == [here, there, nowhere]
    assert [tally.clinic for tally in ask(cast, "fern").tallies] == [ANCHORAGE]


def test_who_reads_no_referral_has_an_empty_queue(app: Flask, cast: Cast) -> None:
    send()
    page = ask(cast, "ember")
    assert (page.rows, page.tallies, page.found) == ((), (), 0)


def test_what_is_closed_leaves_the_queue(app: Flask, cast: Cast) -> None:
    reference = send().reference
    move(reference, Move.WITHDRAW, cast.actor("dahlia"), words="The patient moved away.")
    assert ask(cast, "dahlia").rows == ()


def test_a_row_says_who_it_is_about_without_the_name(app: Flask, cast: Cast) -> None:
    reference = send(new_referral(name="Cedar van Sampleton")).reference
    move(reference, Move.CLAIM, cast.actor("dahlia"), now=NOW + timedelta(hours=1))
    [row] = ask(cast, "dahlia").rows
    assert (row.initials, row.age, row.holder) == ("C. S.", 41, "Dahlia Testerly, RN")
    assert (row.clinic, row.zone, row.status) == (
        "Ketwell Alaska, Fairbanks",
        "America/Anchorage",
        Status.IN_TRIAGE,
    )
    assert (row.turn, row.turn_at) == (Move.SUBMIT, NOW)
    assert "Sampleton" not in repr(row)


def test_one_value_that_was_moved_hides_no_other_row(app: Flask, cast: Cast) -> None:
    whole, broken = send().reference, send().reference
    sealed = stored(whole).sealed_answers
    with write() as session:
        session.execute(sa.update(Referral).where(Referral.reference == broken).values(sealed_answers=sealed))
    rows = {row.reference: row.initials for row in ask(cast, "dahlia").rows}
    assert rows == {whole: "C. S.", broken: None}
    assert "Cannot be opened" in words(read(cast.browser("dahlia").get("/staff/queue")))


def test_the_turn_changes_with_a_question_and_its_answer(app: Flask, cast: Cast) -> None:
    reference, dahlia = send().reference, cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    move(reference, Move.ASK, dahlia, words="Which dose?", code="IN01", now=NOW + timedelta(hours=2))
    [row] = ask(cast, "dahlia").rows
    assert (row.turn, row.turn_at) == (Move.ASK, NOW + timedelta(hours=2))
    move(reference, Move.ANSWER, dahlia, words="200 mg.", now=NOW + timedelta(hours=5))
    [row] = ask(cast, "dahlia").rows
    assert (row.turn, row.turn_at) == (Move.ANSWER, NOW + timedelta(hours=5))


def test_a_row_says_that_nobody_told_the_patient_until_somebody_did(app: Flask, cast: Cast) -> None:
    send()
    assert ask(cast, "dahlia").rows[0].patient_not_told
    owed = db.session.scalar(sa.select(Notice.id).where(Notice.state == "to_call"))
    assert owed is not None
    db.session.rollback()
    notices.called(owed, actor=cast.actor("dahlia"), now=NOW)
    assert not ask(cast, "dahlia").rows[0].patient_not_told


@pytest.fixture
def mixed(app: Flask, cast: Cast) -> dict[str, str]:
    """Four referrals that differ in everything one may filter by."""
    old = NOW - timedelta(days=20)
    mixed = {
        "over": send(now=old).reference,
        "held": send(new_referral(priority=Tier.SOON)).reference,
        "asked": send(new_referral(priority=Tier.URGENT), place=ANCHORAGE_PLACE, now=old).reference,
        "intake": send(place=None).reference,
    }
    birch = cast.actor("birch")
    move(mixed["held"], Move.CLAIM, birch)
    move(mixed["asked"], Move.CLAIM, cast.actor("fern"))
    move(mixed["asked"], Move.ASK, cast.actor("fern"), words="Which dose?", code="IN01")
    return mixed


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(clinic=frozenset({FAIRBANKS})), ["held", "over"]),
        (Filters(clinic=frozenset({ANCHORAGE, "intake"})), ["asked", "intake"]),
        (Filters(clinic=frozenset({"intake"})), ["intake"]),
        (Filters(clinic=frozenset({"no-such-clinic"})), []),
        (Filters(tier=frozenset({Tier.URGENT, Tier.SOON})), ["asked", "held"]),
        (Filters(status=frozenset({Status.RECEIVED})), ["over", "intake"]),
        (Filters(waiting=frozenset({WaitingOn.REFERRER})), ["asked"]),
        (Filters(held=frozenset({Held.ME})), ["held"]),
        (Filters(held=frozenset({Held.NOBODY})), ["over", "intake"]),
        (Filters(held=frozenset({Held.SOMEBODY, Held.ME})), ["asked", "held"]),
        (Filters(due=frozenset({Due.OVER})), ["over"]),
        (Filters(due=frozenset({Due.IN_TIME})), ["asked", "held", "intake"]),
        (Filters(due=frozenset({Due.OVER}), clinic=frozenset({ANCHORAGE})), []),
    ],
)
def test_filters_leave_what_fits_all_of_them_and_count_it(
    mixed: dict[str, str], cast: Cast, filters: Filters, found: list[str]
) -> None:
    page = ask(cast, "birch", filters)
    assert references(page) == [mixed[name] for name in found]
    assert page.found == len(found)
    assert sum(tally.count for tally in page.tallies) == len(mixed)


def test_pages_follow_each_other_without_a_gap_while_the_queue_changes(app: Flask, cast: Cast) -> None:
    sent = [send().reference for _ in range(queue.PAGE_ROWS + 3)]
    first = ask(cast, "dahlia")
    assert first.following is not None
    move(sent[0], Move.WITHDRAW, cast.actor("dahlia"), words="The patient moved away.")
    send(new_referral(priority=Tier.URGENT))
    second = ask(cast, "dahlia", after=read_cursor(str(first.following)))
    assert references(first) + references(second) == sent
    assert second.following is None


@pytest.mark.parametrize("text", ["", "x", "0.1", "0.1.1.1", "-1.2.3", "9" * 40, "1.2.³", "0.5.1\n"])
def test_what_is_no_place_in_the_queue_is_its_beginning(text: str) -> None:
    assert read_cursor(text) is None


def test_a_page_takes_two_questions_however_long_it_is(app: Flask, cast: Cast) -> None:
    for _ in range(5):
        move(send().reference, Move.CLAIM, cast.actor("dahlia"))
    who = viewer(cast, "dahlia")
    with questions() as seen:
        page = queue.page(db.session(), viewer=who, filters=Filters(), after=None, now=NOW)
    assert len(page.rows) == 5
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 2


def test_one_clinics_queue_is_read_in_the_order_of_its_index(app: Flask, cast: Cast) -> None:
    if db.engine.dialect.name != "sqlite":
        # PostgreSQL plans by what the tables hold, and these are nearly empty: it must at least be able to.
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    reference = send().reference
    row = stored(reference)
    start = Cursor(tier_rank=row.tier_rank, due_at=row.due_at, id=row.id)
    asked = queue.statement(viewer(cast, "dahlia"), Filters(), set(), start, NOW)
    text = str(asked.compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    plan = " ".join(str(line) for line in db.session.execute(sa.text(f"{explain} {text}")))
    assert "ix_referrals_queue" in plan
    assert "TEMP B-TREE" not in plan
