"""What lies beside the portal on the same disk, and what only its makers need, is no page of it."""

from base64 import b64encode

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

from portal.cli.seed import DEMO_PASSWORD
from portal.db import db
from portal.doors.cookies import Signed
from portal.doors.entry import MEMBERS, entry_of
from portal.models import Member
from tests.build import send
from tests.cast import Cast
from tests.html import page
from tests.web.desk import find_form

# The stricter one: it refuses characters and numbers that SQLite takes.
pytestmark = pytest.mark.one_database("postgresql")

BESIDE = (
    "/.git/config", "/.env", "/assets/", "/assets", "/assets/../portal.sqlite3", "/assets/%2e%2e/portal.sqlite3",
    "/assets/..%2fportal.sqlite3", "/assets//etc/passwd", "/assets/..\\..\\.env", "/static/portal.js",
    "/portal/config.py", "/instance/", "/instance/mail/", "/console", "/clinics/../.env", "/clinics/%2e%2e%2f.env",
    "/staff/../.git/HEAD", "/%00", "/assets/%00",
)  # fmt: skip


@pytest.mark.parametrize("path", BESIDE)
def test_nothing_but_pages_and_assets_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_trace_is_not_answered(client: FlaskClient) -> None:
    for path in ("/", "/staff", "/api/v1/clinics"):
        answer = client.open(path, method="TRACE", headers={"X-Secret": "echoed"})
        assert answer.status_code == 405
        assert "echoed" not in answer.text


def test_the_api_redirects_nobody(app: Flask, client: FlaskClient) -> None:
    tried = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert tried
    for rule in tried:
        path = rule.rule.replace("<slug>", "ketwell-alaska-fairbanks")
        for method in (rule.methods or set()) - {"OPTIONS"}:
            assert not 300 <= client.open(path, method=method).status_code < 400, (method, path)


def test_braces_and_percent_signs_are_text(client: FlaskClient) -> None:
    typed = "{0.__class__} {{ 7*7 }} %s %(near)s ${jndi}"
    answer = client.get("/clinics", query_string={"near": typed})
    assert typed in [
        field.get("value") for field in page(answer).iter("input") if field.get("name") == "near"
    ]


def test_a_changed_cookie_is_no_session(app: Flask, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    assert dahlia.get("/staff/queue").status_code == 200
    cookie = dahlia.get_cookie("session")
    assert cookie is not None
    head, _, seal = cookie.value.rpartition(".")
    for forged in (f"{head}.{seal[::-1]}", head, f"{head[:-1]}.{seal}", "." * 3, ""):
        stranger = app.test_client()
        stranger.set_cookie("session", forged)
        assert stranger.get("/staff/queue").status_code == 302, forged


@pytest.mark.parametrize(("interface", "status"), [(Signed, 200), (SecureCookieSessionInterface, 302)])
def test_a_cookie_signed_by_another_hash_is_no_session(
    app: Flask, cast: Cast, interface: type[SecureCookieSessionInterface], status: int
) -> None:
    with cast.browser("dahlia").session_transaction() as session:
        known = dict(session)
    signing = interface().get_signing_serializer(app)
    assert signing is not None
    stranger = app.test_client()
    stranger.set_cookie("session", str(signing.dumps(known)))
    assert stranger.get("/staff/queue").status_code == status


@pytest.mark.parametrize("how", ["Bearer", "Basic", "Authentication-Token"])
def test_no_token_of_the_library_lets_anybody_in(
    app: Flask, client: FlaskClient, cast: Cast, how: str
) -> None:
    fern = db.session.get_one(Member, cast.member_id("fern"))
    token = str(fern.get_auth_token())
    basic = b64encode(f"{fern.email}:{DEMO_PASSWORD}".encode()).decode()
    said = {"Basic": ("Authorization", f"Basic {basic}"), "Authentication-Token": (how, token)}
    name, value = said.get(how, ("Authorization", f"Bearer {token}"))
    answer = client.get("/staff/queue", headers={name: value}, query_string={"auth_token": token})
    assert (answer.status_code, "/staff/sign-in" in answer.headers["Location"]) == (302, True)


def test_every_staff_page_has_the_way_out(app: Flask, cast: Cast) -> None:
    dahlia, reference = cast.browser("dahlia"), send().reference
    seen, home = 0, f"/staff/referrals/{reference}"
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<reference>", reference)
        if entry_of(app, rule.endpoint) not in MEMBERS or "GET" not in (rule.methods or set()) or "<" in path:
            continue
        answer = dahlia.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            # A sheet for printing carries no form, and leads back to the page that does.
            way = "/staff/sign-out" if not rule.endpoint.startswith("staff_paper.") else None
            out = find_form(page(answer), way) if way else page(answer).find(".//a[@href='" + home + "']")
            assert out is not None, rule.rule
            seen += 1
    assert seen > 8
