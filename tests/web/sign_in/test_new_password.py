"""A new password by mail: the answer tells nothing, the link works once, and nobody comes in by it alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.actions import members
from portal.cli.seed import DEMO_PASSWORD
from portal.db import db, write
from portal.domain.audit import Act
from portal.domain.letters import LINK_FOR
from portal.doors.world import world
from portal.models import AuditEntry, Letter, Member
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import field_value, open_page
from tests.web.sign_in.walk import CODE, fill, give_password, last_letter, member, sign_in

# What the sign-in stores is shown on both by the tests of the actions; this is about its pages.
pytestmark = pytest.mark.one_database("sqlite")

FORGOT = "/staff/new-password"
NEW = "a heron walks on thin ice"


def ask(browser: FlaskClient, email: str = "fern@example.com") -> str:
    return words(page(fill(browser, FORGOT, email=email)))


def link(name: str = "fern") -> str:
    found = re.search(r"(/staff/new-password/\S+)", last_letter(name))
    assert found is not None
    return found[1]


def choose(browser: FlaskClient, path: str, password: str = NEW, again: str | None = None) -> int:
    return fill(browser, path, password=password, again=password if again is None else again).status_code


def count_letters() -> int:
    db.session.rollback()
    asked = sa.select(sa.func.count()).select_from(Letter).where(Letter.member_id.is_not(None))
    return db.session.scalar(asked) or 0


def test_the_link_sets_a_password_that_still_needs_the_second_factor(client: FlaskClient) -> None:
    ask(client)
    assert choose(client, link()) == 303
    assert client.get("/staff/queue").status_code == 302
    assert "Your password is set" in words(open_page(client, "/staff/sign-in"))
    assert give_password(client, password=NEW).headers["Location"] == CODE
    assert give_password(client, password=DEMO_PASSWORD).status_code == 422


def test_the_answer_is_the_same_for_everybody(client: FlaskClient) -> None:
    with write() as session:
        session.execute(sa.update(Member).where(Member.email == "dahlia@example.com").values(active=False))
    said = {ask(client, email) for email in ("fern@example.com", "nobody@example.com", "x", "\x00", "")}
    assert said == {ask(client, "dahlia@example.com")}
    assert count_letters() == 1


def test_the_link_works_once(client: FlaskClient) -> None:
    ask(client)
    path = link()
    choose(client, path)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "does not work any more" in words(page(answer))


def test_a_link_ends_after_an_hour(client: FlaskClient) -> None:
    fern = member("fern")
    for left, status in ((timedelta(seconds=5), 200), (-timedelta(seconds=5), 404)):
        key = world().keys.password_key(fern.id, fern.fs_uniquifier, datetime.now(UTC) + left)
        assert client.get(f"{FORGOT}/{key}").status_code == status
    assert timedelta(hours=1) == LINK_FOR


def test_a_link_of_one_member_does_not_open_another(client: FlaskClient) -> None:
    ask(client)
    member_id, _, rest = link().rpartition("/")[2].partition(".")
    assert client.get(f"{FORGOT}/{int(member_id) + 1}.{rest}").status_code == 404
    until, _, mac = rest.partition(".")
    assert client.get(f"{FORGOT}/{member_id}.{int(until) + 9999}.{mac}").status_code == 404


@pytest.mark.parametrize(
    "key", ["x", "1.2.3", "9" * 40, "999999999.9999999999.x", "1.%00.x", "-1.5.x", "1.1.é"]
)
def test_what_is_no_link_opens_nothing(client: FlaskClient, key: str) -> None:
    assert client.get(f"{FORGOT}/{key}").status_code == 404


def test_a_disabled_members_link_opens_nothing(client: FlaskClient, cast: Cast) -> None:
    ask(client)
    path = link()
    members.disable("fern@example.com", actor=cast.actor("ember"), now=datetime.now(UTC))
    members.enable("fern@example.com", actor=cast.actor("ember"), now=datetime.now(UTC))
    assert client.get(path).status_code == 404


def test_a_new_password_ends_the_sessions_before_it(client: FlaskClient, cast: Cast) -> None:
    thief = cast.browser("fern")
    ask(client)
    choose(client, link())
    assert thief.get("/staff/queue").status_code == 302


def test_somebody_locked_out_by_another_comes_in_again(client: FlaskClient) -> None:
    for _ in range(6):
        give_password(client, password="wrong")
    assert give_password(client).status_code == 429
    ask(client)
    choose(client, link())
    assert sign_in(client, password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "at least 8"),
        ("", "", "at least 8"),
        ("x" * 129, "x" * 129, "at most 128"),
        ("password1234", "password1234", "easy to guess"),
        ("Fern Specimen", "Fern Specimen", "easy to guess"),
        (NEW, f"{NEW}!", "differ"),
    ],
)
def test_what_cannot_be_a_password_is_told_and_never_shown_again(
    client: FlaskClient, password: str, again: str, said: str
) -> None:
    ask(client)
    answer = fill(client, link(), password=password, again=again)
    tree = page(answer)
    assert answer.status_code == 422
    assert said in words(tree)
    assert (field_value(tree, "password"), field_value(tree, "again")) == ("", "")
    assert give_password(client).status_code == 303


def test_the_change_is_in_the_trail(client: FlaskClient, cast: Cast) -> None:
    ask(client)
    choose(client, link())
    db.session.rollback()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == Act.MEMBER_CHANGED)).one()
    assert entry.facts == {"change": "password", "how": "by link"}
    assert entry.actor == f"member:{cast.member_id('fern')}"


def test_nobody_is_flooded_with_letters(app: Flask, client: FlaskClient) -> None:
    answers = [fill(client, FORGOT, email="fern@example.com").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert count_letters() == 3
