"""Keys of systems at the shell: made once, listed without the key, revoked at once, and written down."""

import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.audit import Act
from portal.models import AuditEntry

NAME = "Example practice system"


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["api-keys", *words])


def status(client: FlaskClient, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "first"}
    return client.post("/api/v1/referrals", json={}, headers=headers).status_code


def test_a_revoked_key_is_refused_at_once(app: Flask, client: FlaskClient) -> None:
    key = run(app, "create", NAME).output.strip()
    other = run(app, "create", "Another system").output.strip()
    assert status(client, key) == 422
    run(app, "revoke", NAME)
    assert (status(client, key), status(client, other)) == (401, 422)


def test_the_list_says_what_is_in_use_and_no_key(app: Flask) -> None:
    key = run(app, "create", NAME).output.strip()
    assert run(app, "list").output.endswith("in use\n")
    run(app, "revoke", NAME)
    said = run(app, "list").output
    assert f"{NAME}: made " in said
    assert "revoked " in said
    assert key not in said


def test_what_is_done_to_a_key_is_written_down(app: Flask) -> None:
    run(app, "create", NAME)
    run(app, "revoke", NAME)
    db.session.rollback()
    asked = sa.select(AuditEntry).where(AuditEntry.act == Act.KEYS_CHANGED).order_by(AuditEntry.id)
    entries = db.session.scalars(asked).all()
    assert [entry.facts["done"] for entry in entries] == ["created", "revoked"]
    assert {entry.facts["API key"] for entry in entries} == {NAME}
    assert {entry.actor for entry in entries} == {"system:shell"}


def test_a_key_that_is_not_in_use_cannot_be_revoked(app: Flask) -> None:
    run(app, "create", NAME)
    run(app, "revoke", NAME)
    for name in (NAME, "Nobody's"):
        refused = run(app, "revoke", name)
        assert (refused.exit_code, "No key named" in refused.output) == (1, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 2
