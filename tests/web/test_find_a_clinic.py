"""Find a clinic: a search always answers, asks back what is unsure, and keeps no street address."""

import logging
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions.clinics import import_listings
from portal.cli import clinics
from portal.cli.seed import SEEDS
from portal.db import db
from portal.queries import directory
from tests import html
from tests.cast import ANCHORAGE, FAIRBANKS

# What the pages read is shown on both by the tests of the queries; this is about their words.
pytestmark = pytest.mark.one_database("sqlite")

DAYDREAM = "daydream-md-san-diego"


def find(client: FlaskClient, **asked: object) -> Any:
    answer = client.get("/clinics", query_string=asked)
    assert answer.status_code == 200
    return html.page(answer)


def title(tree: Any) -> str:
    return html.words(tree.find(".//h1"))


def listed(tree: Any) -> list[str]:
    """The slugs of the listed clinics, in their order."""
    links = tree.findall(".//li[@class='result']/h2/a")
    return [link.get("href").split("/")[2].split("?")[0] for link in links]


def links(tree: Any) -> dict[str, str]:
    return {html.words(link): link.get("href") for link in tree.findall(".//main//a")}


def typed(tree: Any) -> str:
    return str(tree.find(".//input[@id='near']").get("value"))


def add_copies(count: int) -> None:
    fairbanks = directory.current(db.session()).find(FAIRBANKS)
    assert fairbanks is not None
    import_listings(
        replace(fairbanks, slug=f"copy-{number:03}", name=f"Copy {number:03}") for number in range(count)
    )


def test_a_zip_is_answered_nearest_first_with_distances(client: FlaskClient) -> None:
    tree = find(client, near="99701")
    assert title(tree) == "Clinics near Fairbanks, Alaska 99701"
    assert listed(tree) == [FAIRBANKS, ANCHORAGE, DAYDREAM]
    assert "1 mile in a straight line" in html.words(tree)
    assert "not worked out yet" in html.words(tree)


def test_a_village_is_answered_however_far_the_clinics_are(client: FlaskClient) -> None:
    tree = find(client, near="Bethel")
    assert title(tree) == "Clinics near Bethel, Alaska"
    assert listed(tree) == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    assert "400 miles in a straight line" in html.words(tree)


def test_another_bearer_of_the_name_is_one_press_away(client: FlaskClient) -> None:
    tree = find(client, near="Bethel")
    assert html.words(tree.find(".//details[@id='another']/summary")) == "Not this place?"
    assert title(html.page(client.get(links(tree)["Bethel, Maine"]))) == "Clinics near Bethel, Maine"


def test_without_a_place_all_clinics_are_listed_accepting_first_without_distances(
    client: FlaskClient,
) -> None:
    tree = find(client)
    assert title(tree) == "All clinics"
    assert listed(tree) == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    assert "straight line" not in html.words(tree)


def test_a_name_of_many_places_is_asked_back_before_any_result(client: FlaskClient) -> None:
    tree = find(client, near="Springfield", accepting="yes")
    assert title(tree) == "Which Springfield?"
    assert listed(tree) == []
    assert typed(tree) == "Springfield"
    chosen = html.page(client.get(links(tree)["Springfield, Illinois"]))
    assert title(chosen) == "Clinics near Springfield, Illinois"
    assert DAYDREAM not in listed(chosen), "the choice keeps the filters"


def test_a_slip_of_the_pen_is_never_corrected_silently(client: FlaskClient) -> None:
    tree = find(client, near="Ankorage")
    assert title(tree).startswith("Did you mean")
    assert "We could not find “Ankorage”." in html.words(tree)
    assert links(tree)["Anchorage, Alaska"] == "/clinics?near=Anchorage,+AK"
    assert typed(tree) == "Ankorage"
    assert len(listed(tree)) == 3


@pytest.mark.parametrize(
    "text",
    ["qqzzxx", "88888", "<b>nowhere</b>", "'; DROP TABLE clinics; --", "x" * 10_000, "🏔️🏔️", "{{ 7*7 }}"],
)
def test_an_unknown_place_says_so_and_the_typed_text_stays(client: FlaskClient, text: str) -> None:
    tree = find(client, near=text)
    assert title(tree) == "We could not find that place"
    assert typed(tree).replace("\ufe0f", "") == text.replace("\ufe0f", "")
    assert "like Bethel, AK" in html.words(tree)
    assert listed(tree) == [ANCHORAGE, FAIRBANKS, DAYDREAM]


def test_what_cannot_stand_in_a_page_is_taken_out(client: FlaskClient) -> None:
    assert typed(find(client, near="qq\x00zz\x1b \ufffexx\u2028yy")) == "qq zz xx yy"


@pytest.mark.parametrize("near", ["12 Birch Rd, Bethel", "PO Box 9, Bethel, AK 99559"])
def test_a_street_address_does_not_stay_in_the_web_address(client: FlaskClient, near: str) -> None:
    answer = client.get("/clinics", query_string={"near": near, "offering": "mood"})
    assert answer.status_code == 302
    assert answer.location in {
        "/clinics?near=Bethel,+AK&shortened=1&offering=mood",
        "/clinics?near=99559&shortened=1&offering=mood",
    }
    tree = html.page(client.get(answer.location))
    assert "Only the town or the ZIP code was kept" in html.words(tree)
    assert "Birch" not in html.words(tree)


def test_a_street_in_one_of_many_towns_is_asked_back_without_the_street(client: FlaskClient) -> None:
    answer = client.get("/clinics", query_string={"near": "12 Birch Rd, Springfield"})
    assert answer.status_code == 302
    assert "Birch" not in answer.location
    tree = html.page(client.get(answer.location))
    assert title(tree) == "Which of these places?"
    assert links(tree)["Springfield, Illinois"] == "/clinics?near=Springfield,+IL&shortened=1"


def test_an_exact_point_is_rounded_in_the_web_address(client: FlaskClient) -> None:
    assert client.get("/clinics?near=61.218056,-149.900278").location == "/clinics?near=61.22,-149.90"
    assert listed(find(client, near="61.22,-149.90"))[0] == ANCHORAGE


def test_what_was_typed_is_not_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        find(client, near="Utqiagvik")
        client.get("/clinics", query_string={"near": "12 Birch Rd, Bethel"})
    assert "/clinics" in caplog.text
    assert not {word for word in ("Utqiagvik", "Birch", "Bethel") if word in caplog.text}


def test_clinics_that_take_no_referrals_say_so_and_have_no_button(client: FlaskClient) -> None:
    tree = find(client, near="San Diego, CA")
    assert listed(tree)[0] == DAYDREAM
    first = tree.find(".//li[@id='clinic-1']")
    assert "Not accepting referrals here" in html.words(first)
    assert "/refer" not in str([link.get("href") for link in first.iter("a")])


def test_filters_are_kept_in_the_form_and_can_be_cleared(client: FlaskClient, app: Flask) -> None:
    assert listed(find(client, near="Bethel", offering="mood", accepting="yes")) == [ANCHORAGE, FAIRBANKS]
    none = find(client, near="Bethel", offering="esketamine")
    assert listed(none) == []
    assert none.find(".//option[@value='esketamine']").get("selected") is not None
    assert len(listed(html.page(client.get(links(none)["Show every clinic"])))) == 3
    clinics.load(SEEDS / "example-network.csv")
    assert (
        listed(find(client, near="Bethel", offering="esketamine"))[0] == "example-kenai-psychiatry-soldotna"
    )


@pytest.mark.parametrize(
    "args", [{"offering": "massage"}, {"accepting": "perhaps"}, {"show": "-1"}, {"show": "x"}]
)
def test_filters_that_the_form_does_not_have_count_for_nothing(
    client: FlaskClient, args: dict[str, str]
) -> None:
    assert len(listed(find(client, near="Bethel", **args))) == 3


def test_a_long_list_is_shown_in_parts(client: FlaskClient, app: Flask) -> None:
    add_copies(30)
    first = find(client, near="99701", accepting="yes")
    assert len(listed(first)) == 20
    more = links(first)["Show more clinics"]
    assert more.endswith("#clinic-21")
    second = html.page(client.get(more))
    assert len(listed(second)) == 32
    assert listed(second)[:20] == listed(first)
    assert "Show more clinics" not in links(second)


def test_a_very_long_list_ends_somewhere(client: FlaskClient, app: Flask) -> None:
    add_copies(510)
    last = find(client, show=10_000)
    assert len(listed(last)) == 500
    assert "Show more clinics" not in links(last)


def test_the_search_comes_first_and_the_clinics_need_none(client: FlaskClient) -> None:
    tree = html.page(client.get("/"))
    assert tree.find(".//form[@action='/clinics']//input[@id='near']") is not None
    assert links(tree)["Ketwell Alaska, Fairbanks"] == f"/clinics/{FAIRBANKS}"
    assert links(tree)["Refer a patient"] == "/refer"
    assert "not FDA-approved" in html.words(tree)
    assert "See all clinics" not in links(tree)


def test_the_first_page_of_a_large_network_leads_to_all_clinics(client: FlaskClient, app: Flask) -> None:
    add_copies(10)
    assert links(html.page(client.get("/")))["See all clinics"] == "/clinics"
