"""The walk through sign-in as a member makes it: email and password, then a code from an app."""

import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from portal.cli.seed import DEMO_PASSWORD
from portal.db import db
from portal.models import Letter, Member
from tests.web.desk import find_form, hidden, open_page

SIGN_IN = "/staff/sign-in"
CODE = "/staff/second-step"
RECOVERY = "/staff/second-step/recovery-code"
SET_UP = "/staff/second-step/new"


def fill(browser: FlaskClient, path: str, action: str = "", **typed: str) -> TestResponse:
    """Open a page, fill in its form and send it."""
    form = find_form(open_page(browser, path), action or path.partition("?")[0])
    assert form is not None, path
    return browser.post(form.get("action"), data=hidden(form) | typed)


def give_password(
    browser: FlaskClient, name: str = "fern", password: str = DEMO_PASSWORD, at: str = ""
) -> TestResponse:
    email = name if "@" in name else f"{name}@example.com"
    return fill(browser, f"{SIGN_IN}{at}", email=email, password=password)


def sign_in(browser: FlaskClient, name: str = "fern", password: str = DEMO_PASSWORD) -> TestResponse:
    """Walk all of it, with the member's own app."""
    give_password(browser, name, password)
    return fill(browser, CODE, code=code_of(member(name)))


def member(name: str) -> Member:
    db.session.rollback()
    return db.session.scalars(sa.select(Member).where(Member.email == f"{name}@example.com")).one()


def code_of(someone: Member, *, ahead: int = 0) -> str:
    """Return what the member's app shows now, or some steps of half a minute ahead."""
    return code_from(TOTP.from_source(someone.tf_totp_secret or "").base32_key, ahead=ahead)


def code_from(key: str, *, ahead: int = 0) -> str:
    """Return what an app shows into which this key was typed."""
    app = TOTP(key.replace(" ", "").replace("-", ""))
    at = int(app.normalize_time(None)) + ahead * 30
    return str(app.generate(at).token)


def key_on(tree: Any) -> str:
    """Return the key that a page of setting up shows in text."""
    (shown,) = [node for node in tree.iter("strong") if node.get("class") == "key"]
    return re.sub(r"\s", "", "".join(shown.itertext()))


def last_letter(name: str = "fern") -> str:
    """Return the body of the latest letter that is owed to a member."""
    someone = member(name)
    letter = db.session.scalars(
        sa.select(Letter).where(Letter.member_id == someone.id).order_by(Letter.id.desc()).limit(1)
    ).one()
    assert letter.words is not None
    return letter.words["body"]
