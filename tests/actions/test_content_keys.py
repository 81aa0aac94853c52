"""Sealed values: what stands in the database, what a thief can do to it, and how the keys change under it."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import vault
from portal.actions import content_keys
from portal.app import hang_ring
from portal.db import db, ring
from portal.domain.lifecycle import Move
from portal.domain.orders import Actor, ActorKind
from portal.doors.world import world
from portal.models import AuditEntry, Draft, Event, Referral, Sealed
from portal.queries import content_keys as asked
from portal.vault import Tampered, sealed_under
from tests.build import NOW, move, new_referral, send, stored
from tests.cast import Cast

OPERATOR = Actor(ActorKind.SYSTEM, "shell")


def everything() -> list[Any]:
    """All that can be read in plain, in order."""
    db.session.rollback()
    db.session.expire_all()
    return [
        getattr(row, name)
        for kind in (Referral, Event)
        for row in db.session.scalars(sa.select(kind).order_by(kind.id))
        for name, found in vars(kind).items()
        if isinstance(found, Sealed)
    ]


def seal_all(number: int) -> int:
    done = 0
    for column in asked.columns():
        while count := content_keys.seal_anew(column, number=number):
            done += count
    return done


def test_a_value_swapped_between_two_referrals_does_not_open(app: Flask) -> None:
    one, two = stored(send().reference), stored(send(new_referral(name="Birch Testerly")).reference)
    with db.engine.begin() as connection:
        for reference, other in ((one.reference, two.sealed_answers), (two.reference, one.sealed_answers)):
            connection.execute(
                sa.update(Referral).where(Referral.reference == reference).values(sealed_answers=other)
            )
    for reference in (one.reference, two.reference):
        with pytest.raises(Tampered, match=reference):
            _ = stored(reference).answers


def test_a_row_is_named_before_it_is_sealed(app: Flask) -> None:
    with pytest.raises(ValueError, match="named"):
        Draft(typed={}, name="a")


def test_every_sealed_column_is_of_a_table_with_an_id_and_names_its_rows(app: Flask) -> None:
    tables = {column.table for column in asked.columns()}
    assert {"drafts", "events", "letters", "members", "placements", "referrals"} <= tables
    for column in asked.columns():
        names = {*column.owner.__table__.columns.keys()}
        assert {"id", column.column, *column.named_by} <= names


def test_a_rotation_seals_everything_anew_and_changes_nothing(app: Flask, cast: Cast) -> None:
    receipt = send()
    move(receipt.reference, Move.CLAIM, cast.actor("dahlia"))
    before = everything()
    number = content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW)
    ring().check()
    left = asked.count_older(db.session(), number)
    assert left >= 5
    assert seal_all(number) == left
    assert everything() == before
    assert stored(receipt.reference).sealed_answers.startswith(sealed_under(number))
    assert asked.count_older(db.session(), number) == 0


def test_a_rotation_that_was_cut_short_goes_on_with_the_same_key(app: Flask) -> None:
    send()
    number = content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW)
    assert content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW) == number
    ring().check()
    seal_all(number)
    assert content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW) == number + 1


def test_a_process_that_does_not_know_the_new_key_yet_reads_and_writes_on(app: Flask) -> None:
    receipt = send()
    number = content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW)
    late = ring()
    hang_ring(app)
    ring().check()
    seal_all(number)
    app.extensions["portal-ring"] = late
    assert stored(receipt.reference).answers["patient"]["name"] == "Cedar Sampleton"
    second = send()
    assert stored(second.reference).answers["patient"]["name"] == "Cedar Sampleton"
    seal_all(number)
    assert asked.count_older(db.session(), number) == 0


def test_rewrapping_touches_no_value_and_is_written_down(app: Flask) -> None:
    receipt = send()
    sealed = stored(receipt.reference).sealed_answers
    assert content_keys.rewrap(world().wrapping, actor=OPERATOR, now=NOW) >= 3
    hang_ring(app)
    assert stored(receipt.reference).sealed_answers == sealed
    assert stored(receipt.reference).answers["patient"]["name"] == "Cedar Sampleton"
    noted = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert noted is not None
    assert (noted.actor, noted.act) == ("system:shell", "keys changed")


def test_the_answers_digest_cannot_be_tried_without_the_key(app: Flask) -> None:
    receipt = send(key="k")
    assert stored(receipt.reference).body_digest != vault.digest("k")
