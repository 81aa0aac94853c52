"""A member of one clinic cannot see or touch another clinic's referral, nor learn that there is one."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.lifecycle import RULES, Move
from portal.models import Event, Notice
from tests.build import move, send, stored
from tests.cast import ANCHORAGE, Cast
from tests.html import without_nonce
from tests.web.desk import field_value, open_page

UNKNOWN = "2222-2222"
TYPED = {"version": "2", "words": "Mine now.", "code": "DC01", "clinic": ANCHORAGE}


@pytest.fixture
def elsewhere(app: Flask, cast: Cast) -> str:
    """A referral in Fairbanks; Fern triages in Anchorage."""
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return reference


def told(browser: FlaskClient, method: str, path: str, **typed: str) -> tuple[int, str]:
    """What a browser is told, but for the reference it asked for, its own token and the answer's own nonce."""
    answer = browser.open(path, method=method, data=typed)
    text = answer.get_data(as_text=True).replace(path, "")
    return answer.status_code, re.sub(r'name="csrf_token"[^>]*>', "", without_nonce(text))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("verb", ["", *(f"/{verb}" for verb in RULES)])
def test_another_clinics_referral_is_as_unknown_as_one_that_never_was(
    elsewhere: str, cast: Cast, method: str, verb: str
) -> None:
    if method == "POST" and not verb:
        return
    fern = cast.browser("fern")
    typed = TYPED | {"csrf_token": field_value(open_page(fern, "/staff/queue"), "csrf_token")}
    there = told(fern, method, f"/staff/referrals/{elsewhere}{verb}", **typed)
    nowhere = told(fern, method, f"/staff/referrals/{UNKNOWN}{verb}", **typed)
    assert there[0] == 404
    assert there == nowhere


def test_nothing_was_moved(elsewhere: str, cast: Cast) -> None:
    fern = cast.browser("fern")
    token = field_value(open_page(fern, "/staff/queue"), "csrf_token")
    for verb in RULES:
        fern.post(f"/staff/referrals/{elsewhere}/{verb}", data=TYPED | {"csrf_token": token})
    row = stored(elsewhere)
    assert (row.version, row.holder_id) == (2, cast.member_id("dahlia"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 2


def test_another_clinics_notices_are_as_unknown(elsewhere: str, cast: Cast) -> None:
    fern = cast.browser("fern")
    token = field_value(open_page(fern, "/staff/queue"), "csrf_token")
    theirs = db.session.scalar(sa.select(Notice.id).where(Notice.state == "to_call"))
    for act in ("called", "retry"):
        there, nowhere = (
            told(fern, "POST", f"/staff/notices/{number}/{act}", csrf_token=token)
            for number in (theirs, 2**31 - 1)
        )
        assert there[0] == 404
        assert there == nowhere
    db.session.rollback()
    assert db.session.scalar(sa.select(Notice.state).where(Notice.id == theirs)) == "to_call"


def test_a_number_that_no_row_has_is_no_address(cast: Cast) -> None:
    fern = cast.browser("fern")
    token = field_value(open_page(fern, "/staff/queue"), "csrf_token")
    assert fern.post(f"/staff/notices/{2**80}/called", data={"csrf_token": token}).status_code == 404
