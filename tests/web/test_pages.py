"""Plain pages: small, honest, and with the crisis numbers in reach."""

import re

import pytest
from flask.testing import FlaskClient

from tests import html

# What the pages read is shown on both by the tests of the queries; this is about their words.
pytestmark = pytest.mark.one_database("sqlite")

PAGES = ("/", "/clinics", "/for-patients", "/about", "/privacy", "/accessibility")
PROMISES = re.compile(
    r"\b(breakthrough|miracle|cures?|proven|guarantee|life.?saving|no side effects|risk.?free)\b", re.I
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_reads_and_has_the_crisis_numbers(client: FlaskClient, path: str) -> None:
    tree = html.page(client.get(path))
    called = {link.get("href") for link in tree.iter("a")}
    assert {"tel:988", "tel:911", "tel:+18772664357"} <= called


@pytest.mark.parametrize("path", PAGES)
def test_no_page_promises_or_shouts(client: FlaskClient, path: str) -> None:
    said = html.words(html.page(client.get(path)).find(".//main"))
    assert not PROMISES.search(said)
    assert not {mark for mark in ("!", "please", "sorry", "invalid") if mark in said.lower()}


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    for link in html.page(client.get(path)).findall(".//footer//a") + html.page(client.get(path)).findall(
        ".//main//a"
    ):
        address = link.get("href")
        if address.startswith("/"):
            assert client.get(address).status_code in {200, 302}, address


def test_patients_are_told_what_they_can_do_instead(client: FlaskClient) -> None:
    said = html.words(html.page(client.get("/for-patients")).find(".//main"))
    for words in (
        "You cannot refer yourself here yet",
        "It has not approved IV ketamine",
        "off-label",
        "Nobody is safe to drive after an infusion",
        "does not mean that you get the treatment",
        "Call 988",
    ):
        assert words in said, words


def test_the_tables_of_places_are_credited(client: FlaskClient) -> None:
    assert "GeoNames" in html.words(html.page(client.get("/about")))


def test_how_long_a_status_link_works_is_told(client: FlaskClient) -> None:
    assert "180 days" in html.words(html.page(client.get("/privacy")))


def test_who_can_open_a_draft_and_who_reads_a_referral_is_told_as_it_is(client: FlaskClient) -> None:
    said = html.words(html.page(client.get("/privacy")))
    assert "kept here for 30 days. Only the browser in which it was begun can open it" in said
    assert "staff of the clinic that holds it see them, and so do the network's own intake team" in said
    assert "Whoever opens it, and whatever is done with it, is written down" in said
    assert "initials and year of birth" in said
