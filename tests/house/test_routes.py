"""Every route declares who may enter, the list of routes is under review, and no GET changes what people rely on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from portal.db import db
from portal.doors import entry
from tests.build import send
from tests.cast import NAMES, Cast
from tests.web import practice

# The stricter one: it refuses characters and numbers that SQLite takes.
pytestmark = pytest.mark.one_database("postgresql")

LEFT_BY_A_LOOK = ("INSERT INTO audit_entries ", "UPDATE member_sessions SET seen_at=")
LIST = Path(__file__).parent / "routes.txt"
FILLED = {
    "slug": "ketwell-alaska-fairbanks",
    "move": "accept",
    "verb": "withdraw",
    "step": "patient",
    "notice_id": "1",
    "passkey_id": "1",
    "name": "none",
    "number": "1",
    "stop": "0" * 16,
}


def routes(app: Flask) -> list[str]:
    rows = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        rows.append(f"{rule.rule}  {methods}  {entry.entry_of(app, rule.endpoint)}")
    return sorted(rows)


def test_the_list_of_routes_is_as_reviewed(app: Flask) -> None:
    assert "\n".join(routes(app)) + "\n" == LIST.read_text()


def test_an_application_with_an_undeclared_route_does_not_start(app: Flask) -> None:
    other = Flask("other")
    bp = Blueprint("bp", __name__)
    bp.add_url_rule("/secret", "secret", lambda: "")
    other.register_blueprint(bp)
    with pytest.raises(RuntimeError, match=r"bp\.secret"):
        entry.guard(other)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the statements that change something."""
    seen: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", look)


def but_for_the_trail(statements: list[str]) -> list[str]:
    """Leave out what a look may leave behind: an entry in the trail, and when a session was last seen."""
    return [statement for statement in statements if not statement.startswith(LEFT_BY_A_LOOK)]


def paths(app: Flask, method: str, reference: str, draft: str = "none") -> Iterator[tuple[Rule, str]]:
    """Return each route that takes a method, with an address of it."""
    values: dict[str, Any] = FILLED | {"reference": reference, "draft": draft, "key": "wrong"}
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()):
            with app.test_request_context():
                path = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            yield rule, path


def test_no_get_changes_anything_whoever_asks(app: Flask, client: FlaskClient, cast: Cast) -> None:
    receipt = send()
    draft = practice.begin(client).rpartition("/")[2]
    client.get(f"/s/{receipt.status_key}")
    browsers = [client, app.test_client(), *(cast.browser(name) for name in NAMES)]
    with writes() as seen:
        for _rule, path in paths(app, "GET", receipt.reference, draft):
            for browser in browsers:
                assert browser.get(path).status_code < 500, path
                assert browser.get(path, query_string={"near": "\x00😀'\"<b>", "page": "x"}).status_code < 500
    assert but_for_the_trail(seen) == []


def test_no_stranger_passes_a_members_door(app: Flask, client: FlaskClient) -> None:
    reference = send().reference
    tried = 0
    for method in ("GET", "POST"):
        for rule, path in paths(app, method, reference):
            if entry.entry_of(app, rule.endpoint) in entry.MEMBERS:
                answer = client.open(path, method=method)
                # 400: the token is asked for before the sign-in.
                assert answer.status_code in {302, 400}, (method, path)
                assert answer.status_code == 400 or "/staff/sign-in" in answer.headers["Location"]
                tried += 1
    assert tried


def test_a_post_without_a_token_changes_nothing(app: Flask, cast: Cast) -> None:
    reference = send().reference
    browsers = [app.test_client(), cast.browser("dahlia")]
    with writes() as seen:
        for _rule, path in paths(app, "POST", reference):
            for browser in browsers:
                assert browser.post(path, data={"words": "x"}).status_code < 500, path
    assert but_for_the_trail(seen) == []
