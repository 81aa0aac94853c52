"""How a system sends referrals in these tests, and what it is told."""

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actions import api_keys
from portal.db import db
from portal.domain.orders import Actor, ActorKind
from portal.models import Event, Referral
from tests.build import NOW, SAFE, TYPED

OPERATOR = Actor(ActorKind.SYSTEM, "shell")


def new_key(name: str = "Example practice system") -> str:
    return api_keys.create(name, actor=OPERATOR, now=NOW)


def body(**changes: object) -> dict[str, Any]:
    """Return a referral as a system sends it, with some answers by dotted name changed."""
    nested: dict[str, Any] = {}
    for name, value in (TYPED | SAFE | {"consent": True} | changes).items():
        group, _, leaf = name.rpartition(".")
        (nested.setdefault(group, {}) if group else nested)[leaf] = value
    return nested


def post(client: FlaskClient, key: str, sent: object, *, once: str = "first") -> TestResponse:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once}
    return client.post("/api/v1/referrals", json=sent, headers=headers)


def count(model: type[Referral | Event] = Referral) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def wrong(answer: TestResponse) -> set[str]:
    assert answer.content_type == "application/problem+json"
    return {error["name"] for error in answer.get_json().get("errors", [])}
