"""The people of the stories: Fern triages in Anchorage, Dahlia in Fairbanks, Birch leads, Aster takes in.

Cedar manages Anchorage, Ember the network. In Fairbanks Hazel sees to benefits and Sorrel gives infusions. Juniper audits,
and Lupine keeps patients' privacy.
"""

from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from flask_security import hash_password

from portal.actions import demonstration, sessions
from portal.cli import clinics
from portal.cli.seed import DEMO_MEMBERS, DEMO_PASSWORD, SEEDS
from portal.db import db
from portal.domain.orders import Actor, ActorKind
from portal.doors.sessions import KEY
from portal.models import Member

ANCHORAGE = "ketwell-alaska-anchorage"
FAIRBANKS = "ketwell-alaska-fairbanks"
NAMES = ("fern", "dahlia", "birch", "aster", "cedar", "ember", "hazel", "sorrel", "juniper", "lupine")


@cache
def password_digest() -> str:
    return str(hash_password(DEMO_PASSWORD))


def gather() -> None:
    """Bring the clinics and the members into an empty database."""
    clinics.load(SEEDS / "clinics.csv")
    demonstration.enrol(
        demonstration.read_csv(DEMO_MEMBERS),
        password_digest=password_digest(),
        new_secret=current_app.extensions["security"].totp_factory.generate_totp_secret,
        now=datetime.now(UTC),
    )


class Cast:
    """Everybody by first name: `cast.actor("fern")` acts, `cast.browser("fern")` is signed in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def member_id(self, name: str) -> int:
        found = db.session.scalar(sa.select(Member.id).where(Member.email == f"{name}@example.com"))
        assert found is not None, name
        return found

    def actor(self, name: str) -> Actor:
        return Actor(ActorKind.MEMBER, self.member_id(name))

    def browser(self, name: str) -> FlaskClient:
        """A browser that is signed in as somebody, without the slow walk through the sign-in page."""
        client = self.app.test_client()
        member = db.session.get_one(Member, self.member_id(name))
        key = sessions.start(self.actor(name), browser="Tests", earlier="", now=datetime.now(UTC))
        with client.session_transaction() as cookie:
            cookie["_user_id"] = member.fs_uniquifier
            cookie[KEY] = key
        return client
