"""What lies beside the portal on the same disk, and what only its makers need, is no page of it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.html import page

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
