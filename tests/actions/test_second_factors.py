"""What changes a sign-in: only who may, at once, everywhere, and never in silence."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.actions import members, passwords, second_factors
from portal.db import db, write
from portal.domain.errors import NotFound, Refused
from portal.domain.letters import Site
from portal.models import Letter, Member, MemberSession, Passkey
from tests.build import NOW
from tests.cast import Cast

SITE = Site(name="Clinic Referrals", url="http://127.0.0.1:8000")


def new_secret() -> str:
    return str(current_app.extensions["security"].totp_factory.generate_totp_secret())


def fern() -> Member:
    db.session.rollback()
    return db.session.scalars(sa.select(Member).where(Member.email == "fern@example.com")).one()


def give_passkey() -> None:
    with write() as session:
        session.add(
            Passkey(
                user_id=fern().id, credential_id=b"1", public_key=b"2", backup_state=False, device_type="x",
                create_datetime=NOW, lastuse_datetime=NOW, name="Phone", usage="first",
            )
        )  # fmt: skip


def open_sessions() -> int:
    db.session.rollback()
    open_ones = sa.select(sa.func.count()).where(MemberSession.ended_at.is_(None))
    return db.session.scalar(open_ones) or 0


def count_letters() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) or 0


@pytest.mark.parametrize("has", ["app", "passkey"])
def test_a_password_alone_replaces_no_second_factor(app: Flask, cast: Cast, has: str) -> None:
    if has == "passkey":
        members.reset_factors("fern@example.com", actor=cast.actor("ember"), site=SITE, now=NOW)
        give_passkey()
    before, letters = fern().tf_totp_secret, count_letters()
    with pytest.raises(Refused):
        second_factors.set_authenticator(cast.actor("fern"), new_secret(), first=True, site=SITE, now=NOW)
    assert (fern().tf_totp_secret, count_letters()) == (before, letters)


def test_resetting_takes_every_second_factor_and_every_session(app: Flask, cast: Cast) -> None:
    give_passkey()
    cast.browser("fern")
    second_factors.set_recovery_codes(cast.actor("fern"), ["x"], site=SITE, now=NOW)
    second_factors.use_step(fern().id, 10**9)
    members.reset_factors("fern@example.com", actor=cast.actor("ember"), site=SITE, now=NOW)
    left = fern()
    assert (left.tf_totp_secret, left.mf_recovery_codes, left.webauthn, left.totp_counter) == (
        None, None, [], None,
    )  # fmt: skip
    assert open_sessions() == 0


def test_a_new_password_and_leaving_end_the_sessions_in_the_database(app: Flask, cast: Cast) -> None:
    cast.browser("fern")
    old = fern().password
    assert old is not None
    passwords.change(cast.actor("fern"), "new digest", old=old, site=SITE, now=datetime.now(UTC))
    assert open_sessions() == 0
    cast.browser("fern")
    members.disable("fern@example.com", actor=cast.actor("ember"), now=datetime.now(UTC))
    assert open_sessions() == 0


def test_of_two_who_change_one_password_the_second_is_too_late(app: Flask, cast: Cast) -> None:
    old = fern().password
    assert old is not None
    passwords.change(cast.actor("fern"), "first", old=old, site=SITE, now=NOW)
    with pytest.raises(NotFound):
        passwords.change(cast.actor("fern"), "second", old=old, site=SITE, now=NOW)
    assert fern().password == "first"
