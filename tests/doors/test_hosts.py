"""The portal has one name, which a setting gives; no header of a request gives it another, or somebody else's address."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from portal import vault
from portal.config import Environment
from portal.doors import hosts
from portal.doors.entry import Entry, enter
from tests.doors.conftest import PortalWith
from tests.html import page, words

# None of these doors asks a table.
pytestmark = pytest.mark.one_database("sqlite")

HTTPS = "https://referrals.example"
WRONG = (
    "elsewhere.example",
    "referrals.example.elsewhere.example",
    "elsewhere.example:443",
    "referrals.example@elsewhere.example",
    "elsewhere.example/referrals.example",
    "referrals.example, elsewhere.example",
    "referrals.example:443:443",
    "referrals.example:999999",
    "localhost",
    "127.0.0.1:8000",
    "[::1]",
    "[::1",
    "referrals.example\t",
    "réferrals.example",
    "xn--80ak6aa92e.example",
    "{{7*7}}",
    "a" * 5000,
    "",
)
Told = Callable[[dict[str, str]], str]


@pytest.fixture
def production(portal_with: PortalWith) -> FlaskClient:
    """A browser of a portal in production."""
    drawn = {"keys": vault.new_line(), "secret_key": vault.new_key(), "mail_url": "smtps://mail.example"}
    return portal_with(portal_env=Environment.PRODUCTION, public_url=HTTPS, **drawn).test_client()


@pytest.mark.parametrize("host", WRONG)
def test_a_request_for_another_site_is_told_where_this_one_is(production: FlaskClient, host: str) -> None:
    answer = production.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert f"Open it by the address below. {HTTPS}" in words(page(answer))
    assert "elsewhere" not in answer.text


@pytest.mark.parametrize("path", ["/staff/queue", "/api/v1/clinics", "/nowhere", "/refer"])
def test_no_path_is_served_under_another_name(production: FlaskClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = production.open(path, method=method, headers={"Host": "elsewhere.example"})
        assert answer.status_code == 400
        assert "elsewhere" not in f"{answer.headers}{answer.text}"


@pytest.mark.parametrize("host", ["referrals.example", "referrals.example:443", "REFERRALS.example"])
def test_the_public_name_is_served_however_it_is_written(production: FlaskClient, host: str) -> None:
    assert production.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_a_developer_may_use_every_name_of_the_machine(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200
    assert client.get("/", headers={"Host": "rebound.example"}).status_code == 400


def test_a_wrong_host_is_logged_once_and_not_by_its_name(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/", headers={"Host": "elsewhere.example"})
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "a host that is not ours" in caplog.text
    assert "elsewhere" not in caplog.text


def echoing(portal: Flask) -> Told:
    """Let a portal tell whom it takes a request to come from, and by which address it was reached."""
    view = enter(Entry.PUBLIC)(lambda: f"{hosts.client()} {request.host_url}")
    portal.add_url_rule("/echo", "echo", view)
    return lambda headers: portal.test_client().get("/echo", base_url=HTTPS, headers=headers).text


FORWARDED = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Host": "elsewhere.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": "/away",
    "Forwarded": "for=203.0.113.9;host=elsewhere.example",
    "X-Real-IP": "203.0.113.9",
    "X-Original-URL": "/staff",
}


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_as_many_proxies_are_believed_as_are_set_and_of_the_address_alone(
    portal_with: PortalWith, proxies: int, address: str
) -> None:
    told = echoing(portal_with(public_url=HTTPS, trusted_proxies=proxies))
    assert told(FORWARDED) == f"{address} {HTTPS}/"


@pytest.mark.parametrize(
    ("sent", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("198.51.100.7:5000", "unknown"),
        ("somebody", "unknown"),
        ("", "127.0.0.1"),
    ],
)
def test_who_asks_is_counted_by_address_and_in_ipv6_by_network(
    portal_with: PortalWith, sent: str, client: str
) -> None:
    told = echoing(portal_with(public_url=HTTPS, trusted_proxies=1))
    assert told({"X-Forwarded-For": sent}).split()[0] == client
