"""`flask members`: invited by mail, given and taken roles, disabled and never deleted; each change is in the trail."""

import re

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from portal.cli.members import members as commands
from portal.db import db
from portal.domain.audit import Act
from portal.models import AuditEntry, Member
from tests.cast import FAIRBANKS, Cast
from tests.html import words
from tests.web.desk import open_page
from tests.web.sign_in.walk import (
    CODE,
    SET_UP,
    code_from,
    code_of,
    fill,
    give_password,
    key_on,
    last_letter,
    member,
    sign_in,
)

NEW = "a heron walks on thin ice"
INVITED = ("invite", "cedar.new@example.com", "--name", "Cedar Birch, RN", "--role", "triage_nurse")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(commands, list(arguments))


def done(app: Flask, *arguments: str) -> str:
    result = run(app, *arguments)
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return result.output


def changes() -> list[tuple[str, dict[str, object]]]:
    db.session.rollback()
    rows = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.act == Act.MEMBER_CHANGED).order_by(AuditEntry.id)
    )
    return [(row.actor, row.facts) for row in rows]


def link(name: str) -> str:
    found = re.search(r"(/staff/new-password/\S+)", last_letter(name))
    assert found is not None
    return found[1]


def test_an_invited_member_comes_in_with_two_factors(app: Flask, client: FlaskClient) -> None:
    done(app, *INVITED, "--clinic", FAIRBANKS)
    assert last_letter("cedar.new").startswith("Cedar Birch, RN,")
    path = link("cedar.new")
    assert "Welcome: choose your password" in words(open_page(client, path))
    assert fill(client, path, password="v8#Kq!zRm&Lw", again="v8#Kq!zRm&Lw").status_code == 422
    assert fill(client, path, password=NEW, again=NEW).status_code == 303
    assert give_password(client, "cedar.new", NEW).headers["Location"] == SET_UP
    fill(client, SET_UP, code=code_from(key_on(open_page(client, SET_UP))))
    assert "Fairbanks" in words(open_page(client, "/staff/queue"))
    facts = {"change": "invited", "role": "triage_nurse", "clinic": FAIRBANKS}
    assert changes()[0] == ("system:shell", facts)


def test_who_is_invited_comes_in_by_nothing_but_the_link(app: Flask, client: FlaskClient) -> None:
    done(app, *INVITED)
    for guess in ("", "None", "x"):
        assert give_password(client, "cedar.new", guess).status_code == 422


def test_an_invitation_can_be_sent_again_until_it_is_used(app: Flask, client: FlaskClient) -> None:
    done(app, *INVITED)
    first = link("cedar.new")
    done(app, *INVITED)
    fill(client, link("cedar.new"), password=NEW, again=NEW)
    assert client.get(first).status_code == 404
    again = run(app, *INVITED)
    assert again.exit_code == 1
    assert "is a member already" in again.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("invite", "no address", "--name", "Cedar", "--role", "auditor"),
        ("invite", "x@example.com\r\nBcc: y@example.com", "--name", "Cedar", "--role", "auditor"),
        ("invite", "x@example.com", "--name", "Cedar\r\nBcc: y", "--role", "auditor"),
        ("invite", "x@example.com", "--name", "Cedar", "--role", "king"),
        ("invite", "x@example.com", "--name", "Cedar", "--role", "auditor", "--clinic", "nowhere"),
        ("invite", "fern@example.com", "--name", "Fern", "--role", "auditor"),
        ("disable", "nobody@example.com"),
        ("enable", "nobody@example.com"),
        ("reset-factors", "nobody@example.com"),
        ("grant", "nobody@example.com", "--role", "auditor"),
        ("grant", "ember@example.com", "--role", "network_admin"),
        ("revoke", "fern@example.com", "--role", "auditor"),
        ("code", "nobody"),
    ],
)
def test_what_cannot_be_done_says_so_and_changes_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    before = member_count()
    result = run(app, *arguments)
    assert result.exit_code != 0
    assert "Error" in result.output
    assert (member_count(), changes()) == (before, [])


def member_count() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Member)) or 0


def test_a_disabled_member_is_out_at_once_and_stays_out(app: Flask, cast: Cast, client: FlaskClient) -> None:
    fern = cast.browser("fern")
    done(app, "disable", "FERN@example.com")
    assert fern.get("/staff/queue").status_code == 302
    assert give_password(client).status_code == 422
    assert "disabled  fern@example.com" in done(app, "list")
    done(app, "enable", "fern@example.com")
    assert fern.get("/staff/queue").status_code == 302
    assert sign_in(client).status_code == 303
    assert [facts["change"] for _, facts in changes()] == ["disabled", "enabled"]


def test_roles_are_given_and_taken(app: Flask, cast: Cast) -> None:
    ember = cast.browser("ember")
    done(app, "grant", "ember@example.com", "--role", "triage_nurse", "--clinic", FAIRBANKS)
    assert ember.get("/staff").headers["Location"] == "/staff/queue"
    assert "triage nurse at" in done(app, "list")
    done(app, "revoke", "ember@example.com", "--role", "triage_nurse", "--clinic", FAIRBANKS)
    assert ember.get("/staff").headers["Location"] == "/staff/outbox"
    facts = {"role": "triage_nurse", "clinic": FAIRBANKS}
    assert [said for _, said in changes()] == [{"change": "granted"} | facts, {"change": "revoked"} | facts]


def test_a_lost_phone_is_taken_off_and_another_set_up(app: Flask, cast: Cast, client: FlaskClient) -> None:
    signed_in, old = cast.browser("fern"), code_of(member("fern"))
    done(app, "reset-factors", "fern@example.com")
    assert signed_in.get("/staff/queue").status_code == 302
    assert last_letter().startswith("Your authenticator app, passkeys and recovery codes were removed")
    assert give_password(client).headers["Location"] == SET_UP
    assert fill(client, SET_UP, code=old).status_code == 422
    assert client.get("/staff/queue").status_code == 302


def test_a_code_from_the_shell_works_also_right_after_one_was_used(app: Flask, client: FlaskClient) -> None:
    for browser in (client, app.test_client()):
        give_password(browser)
        assert fill(browser, CODE, code=done(app, "code", "fern").strip()).status_code == 303
