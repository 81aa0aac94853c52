"""A clinic's page: what is known with its source, what is not known in words, and a way on."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions.clinics import import_listings
from portal.db import db
from portal.domain.listings import Listing
from portal.domain.offerings import read as offered
from portal.queries import directory
from tests import html
from tests.cast import FAIRBANKS

# What the pages read is shown on both by the tests of the queries; this is about their words.
pytestmark = pytest.mark.one_database("sqlite")

DAYDREAM = "daydream-md-san-diego"
UNKNOWN = "Not yet confirmed by the clinic"


def facts(tree: Any) -> dict[str, str]:
    return {
        html.words(fact.find("dt")): html.words(fact.find("dd"))
        for fact in tree.findall(".//div[@class='fact']")
    }


def show(client: FlaskClient, slug: str = FAIRBANKS, **args: str) -> Any:
    return html.page(client.get(f"/clinics/{slug}", query_string=args))


def change(**facts: Any) -> None:
    known = directory.current(db.session()).find(FAIRBANKS)
    assert isinstance(known, Listing)
    import_listings([replace(known, **facts)])


def test_what_nobody_confirmed_is_said(client: FlaskClient) -> None:
    told = facts(show(client))
    for label in ("Phone", "Hours", "Staff", "Cost and insurance", "Website"):
        assert told[label].startswith(UNKNOWN), label
    assert "Assumed: Monday to Friday" in told["Hours"]
    assert told["Who is treated"].count("ages not yet confirmed by the clinic") == 2


def test_a_listing_says_when_and_by_whom_it_was_checked_and_from_what(client: FlaskClient) -> None:
    told = facts(show(client))["Last checked"]
    assert told.startswith("22 November 2026, by the portal's operator")
    assert "own article" in told


def test_a_demonstration_says_so(client: FlaskClient) -> None:
    assert "demonstration until the clinic confirms" in html.words(show(client))


def test_a_clinic_known_by_city_only_says_what_is_missing(client: FlaskClient) -> None:
    tree = show(client, DAYDREAM)
    assert facts(tree)["Address"].startswith("San Diego, CA Address not yet confirmed by the clinic")
    assert facts(tree)["Who is treated"] == UNKNOWN
    assert "takes no referrals through this portal" in html.words(tree)
    assert tree.find(f".//a[@href='/refer?clinic={DAYDREAM}']") is None


def test_a_clinic_that_accepts_can_be_referred_to(client: FlaskClient) -> None:
    link = show(client).find(f".//a[@href='/refer?clinic={FAIRBANKS}']")
    assert html.words(link) == "Refer a patient to Fairbanks"


def test_facts_that_are_known_are_told(client: FlaskClient, app: Flask) -> None:
    change(
        phone="+19075550142",
        hours="Monday to Thursday, 8 am to 5 pm",
        website="https://clinic.example/",
        offerings=offered("mood 18-80: mdd; pain 21-: crps; esketamine -64: trd"),
    )
    tree = show(client)
    told = facts(tree)
    assert told["Phone"] == "907-555-0142"
    assert told["Hours"] == "Monday to Thursday, 8 am to 5 pm"
    assert tree.find(".//a[@href='tel:+19075550142']") is not None
    assert tree.find(".//a[@href='https://clinic.example/']").get("rel") == "noreferrer"
    for words in (
        "ages 18 to 80",
        "ages 21 and over",
        "up to age 64",
        "Complex regional pain syndrome (CRPS)",
    ):
        assert words in told["Who is treated"], words


def test_maps_are_a_link_and_never_asked_by_the_page(client: FlaskClient) -> None:
    tree = show(client)
    maps = next(link for link in tree.iter("a") if "openstreetmap.org" in link.get("href"))
    assert maps.get("rel") == "noreferrer"
    assert maps.get("href").endswith("search?query=1929+Airport+Way+Suite+B%2C+Fairbanks%2C+AK+99701")
    asked = [
        element.get("src") or "" for element in tree.iter() if element.tag in {"script", "img", "iframe"}
    ]
    assert all(source.startswith("/") for source in asked)


def test_from_a_search_the_distance_and_the_way_back_come_along(client: FlaskClient) -> None:
    tree = show(client, near="Bethel, AK")
    assert facts(tree)["From Bethel, Alaska"].startswith("523 miles in a straight line")
    assert tree.find(".//a[@href='/clinics?near=Bethel,+AK']") is not None


def test_a_place_that_is_not_one_place_is_left_out(client: FlaskClient) -> None:
    for near in ("Springfield", "qqzzxx"):
        tree = show(client, near=near)
        assert not [label for label in facts(tree) if label.startswith("From")]
        assert tree.find(".//p[@class='back']/a[@href='/clinics']") is not None


def test_without_a_point_the_distance_is_not_known(client: FlaskClient, app: Flask) -> None:
    change(lat=None, lon=None)
    assert facts(show(client, near="Bethel, AK"))["From Bethel, Alaska"].startswith(UNKNOWN)


def test_script_in_a_listing_is_text(client: FlaskClient, app: Flask) -> None:
    change(name="<script>alert(1)</script>", hours="'\"><img src=x>")
    tree = show(client)
    assert html.words(tree.find(".//h1")) == "<script>alert(1)</script>"
    assert tree.find(".//img") is None


def test_an_unknown_clinic_is_a_page_that_says_so(client: FlaskClient) -> None:
    for slug in ("ketwell-alaska-nome", "..", "%00", "x" * 5000, "🏔"):
        answer = client.get(f"/clinics/{slug}")
        assert answer.status_code == 404
        html.page(answer)
