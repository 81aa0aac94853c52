"""What is elsewhere is answered as what never was: the same bytes, after the same questions to the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.db import db
from portal.domain.lifecycle import RULES, Move
from portal.models import Notice
from tests.build import move, send
from tests.cast import ANCHORAGE, Cast
from tests.web.desk import field_value, open_page

UNKNOWN, NO_NOTICE = "2222-2222", str(2**31 - 1)
TYPED = {"version": "2", "words": "Mine now.", "code": "DC01", "clinic": ANCHORAGE, "reason": "x"}
ASKS = [
    ("GET", "/staff/referrals/{}"),
    *((method, f"/staff/referrals/{{}}/{verb}") for verb in RULES for method in ("GET", "POST")),
    ("POST", "/staff/referrals/{}/link"),
    ("POST", "/staff/notices/{}/called"),
    ("POST", "/staff/notices/{}/retry"),
    ("POST", "/staff/find"),
    ("POST", "/staff/emergency"),
]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked, without the values."""
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def told(browser: FlaskClient, method: str, path: str, named: str, secret: str) -> tuple[object, ...]:
    """What a browser is told of something, but for its name and the browser's own token, and what that cost."""
    typed = TYPED | {"reference": named, "csrf_token": secret} if method == "POST" else None
    with statements() as seen:
        answer = browser.open(path.format(named), method=method, data=typed)
    echoed = answer.text.replace(path.format(named), "").replace(f'value="{named}"', "")
    text = re.sub(r'name="csrf_token"[^>]*>', "", echoed)
    headers = {
        name: value for name, value in answer.headers if name not in {"Set-Cookie", "Content-Security-Policy"}
    }
    return answer.status_code, re.sub(r"nonce-?[^ >]*", "", text), headers, seen


@pytest.mark.parametrize(("method", "path"), ASKS)
@pytest.mark.parametrize("name", ["fern", "lupine"])
def test_elsewhere_and_nowhere_are_told_alike_after_the_same_work(
    app: Flask, cast: Cast, name: str, method: str, path: str
) -> None:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    number = str(db.session.scalar(sa.select(Notice.id).where(Notice.state == "to_call")))
    elsewhere, nowhere = (number, NO_NOTICE) if "notices" in path else (reference, UNKNOWN)
    browser = cast.browser(name)
    secret = field_value(open_page(browser, "/status"), "csrf_token")
    told(browser, method, path, nowhere, secret)
    there, none = (told(browser, method, path, named, secret) for named in (elsewhere, nowhere))
    assert there == none
    assert there[0] in {403, 404} if name == "lupine" or "{}" in path else there[0] in {200, 422}
