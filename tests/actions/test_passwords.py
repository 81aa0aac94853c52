"""New passwords by a mailed link: the link is good once, also for two who bring it at one moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal.actions import passwords
from portal.db import db
from portal.domain.errors import NotFound
from portal.domain.orders import Actor, ActorKind
from portal.doors.world import world
from portal.models import Member
from tests.cast import Cast

NOW = datetime.now(UTC)


def link(cast: Cast) -> str:
    fern = db.session.get_one(Member, cast.member_id("fern"))
    return world().keys.password_key(fern.id, fern.fs_uniquifier, NOW + timedelta(hours=1))


def choose(key: str) -> None:
    passwords.choose(
        key,
        "a new digest",
        keys=world().keys,
        actor=lambda member_id: Actor(ActorKind.MEMBER, member_id),
        now=NOW,
    )


def digest() -> str | None:
    db.session.rollback()
    return db.session.scalars(sa.select(Member.password).where(Member.email == "fern@example.com")).one()


@pytest.fixture
def somebody_is_first(app: Flask) -> Iterator[None]:
    """Another one spends the link between the look at it and its use."""

    def spend(_connection: object, cursor: Any, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE members"):
            cursor.execute("UPDATE members SET fs_uniquifier = 'spent' WHERE email = 'fern@example.com'")

    event.listen(db.engine, "before_cursor_execute", spend)
    yield
    event.remove(db.engine, "before_cursor_execute", spend)


def test_a_link_works_once(app: Flask, cast: Cast) -> None:
    key = link(cast)
    choose(key)
    assert digest() == "a new digest"
    with pytest.raises(NotFound):
        choose(key)


def test_of_two_who_bring_the_same_link_the_second_changes_nothing(
    app: Flask, cast: Cast, somebody_is_first: None
) -> None:
    before = digest()
    with pytest.raises(NotFound):
        choose(link(cast))
    assert digest() == before
