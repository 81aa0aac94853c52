"""The one referral that is submitted over and over: sent to the API as a system does, or given to the action."""

import json
from collections.abc import Callable
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

BODY = {
    "patient": {name.removeprefix("patient."): TYPED[name] for name in TYPED if name.startswith("patient.")},
    "referrer": {
        name.removeprefix("referrer."): TYPED[name] for name in TYPED if name.startswith("referrer.")
    },
    **{name: TYPED[name] for name in ("condition", "reason", "priority")},
    "consent": True,
    "safety": {name.partition(".")[2]: value for name, value in SAFE.items()},
}


def send(connection: Connection, key: str) -> str:
    """Send it as a new referral with a bearer key; return its reference."""
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/json",
    }
    said = connection.ask(post("/api/v1/referrals", headers, json.dumps(BODY).encode()), expects=201)
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
        digest = vault.digest(uuid4().hex)
        sent = Submission(key_digest=digest, body_digest=digest, actor=Actor(ActorKind.API, 1))
        with app.app_context():
            referrals.submit(new, submission=sent, ground=ground, keys=world().keys, now=now())

    return submit
