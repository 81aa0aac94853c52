"""The one referral that is submitted over and over: sent to the API as a system does, or given to the action."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from string import ascii_lowercase
from typing import Any
from uuid import uuid4

from flask import Flask

from bench.connection import Connection, post
from portal import vault
from portal.actions import referrals
from portal.db import db
from portal.domain import intake
from portal.domain.orders import Actor, ActorKind, Ground, Submission
from portal.domain.places import Place
from portal.domain.safety import Said
from portal.doors.world import now, world
from portal.queries import directory, rules
from tests.build import SAFE, TYPED

BODY: dict[str, Any] = {
    "patient": {name.removeprefix("patient."): TYPED[name] for name in TYPED if name.startswith("patient.")},
    "referrer": {
        name.removeprefix("referrer."): TYPED[name] for name in TYPED if name.startswith("referrer.")
    },
    **{name: TYPED[name] for name in ("condition", "reason", "priority")},
    "consent": True,
    "safety": {name.partition(".")[2]: value for name, value in SAFE.items()},
}
YOUNGEST, DAYS = date(2005, 1, 1), 25_000


def somebody() -> tuple[str, date]:
    """Return the name and the date of birth of a patient who was not sent before; all of them leave as many marks."""
    name = "".join(random.choices(ascii_lowercase, k=8))
    return f"Cedar{name} Sampleton", YOUNGEST - timedelta(days=random.randrange(DAYS))


def send(connection: Connection, key: str) -> str:
    """Send it as a new referral with a bearer key; return its reference."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/json",
    }
    name, born = somebody()
    body = {**BODY, "patient": {**BODY["patient"], "name": name, "date_of_birth": born.isoformat()}}
    said = connection.ask(post("/api/v1/referrals", headers, json.dumps(body).encode()), expects=201)
    return str(json.loads(said)["reference"])


def action(app: Flask) -> Callable[[], object]:
    """Return what submits it as a new referral without HTTP: read, located and routed over before."""
    with app.app_context():
        moment = now()
        safety = (Said(at=moment, answers=SAFE),)
        new = intake.read(TYPED, safety=safety, clinic=None, known=rules.known(moment))
        place = world().locator.locate(new.patient.place)
        if not isinstance(place, Place):
            raise LookupError(f"nobody knows {new.patient.place}")
        ground = Ground(place=place, offers=directory.current(db.session()).offers(place))

    def submit() -> None:
        digest, (name, born) = vault.digest(uuid4().hex), somebody()
        sent_for = replace(new, patient=replace(new.patient, name=name, date_of_birth=born))
        sent = Submission(key_digest=digest, body_digest=digest, actor=Actor(ActorKind.API, 1))
        with app.app_context():
            referrals.submit(sent_for, submission=sent, ground=ground, keys=world().keys, now=now())

    return submit
