"""The directory as GeoJSON: the same answers as the pages, and every wrong parameter named."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.nearest import KM_PER_MILE
from portal.queries import directory
from tests.build import FAIRBANKS_PLACE
from tests.cast import ANCHORAGE, FAIRBANKS

DAYDREAM = "daydream-md-san-diego"


def ask(client: FlaskClient, status: int = 200, **args: object) -> dict[str, Any]:
    answer = client.get("/api/v1/clinics", query_string=args)
    assert answer.status_code == status
    wanted = "application/geo+json" if status == 200 else "application/problem+json"
    assert answer.content_type == wanted
    body = answer.get_json(force=True)
    assert isinstance(body, dict)
    return body


def slugs(body: dict[str, Any]) -> list[str]:
    return [feature["properties"]["slug"] for feature in body["features"]]


def test_clinics_come_nearest_first_with_the_place_understood(client: FlaskClient) -> None:
    body = ask(client, near="Bethel")
    assert body["type"] == "FeatureCollection"
    assert slugs(body) == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    place = body["place"]
    assert (place["label"], place["precision"], place["key"]) == ("Bethel, Alaska", "town", "Bethel, AK")
    assert place["source"].startswith("gazetteer")
    assert (round(place["lat"]), round(place["lon"])) == (61, -162)


def test_a_feature_has_its_point_and_its_distance_in_both_units(client: FlaskClient) -> None:
    feature, *_ = ask(client, lat=64.8376, lon=-147.74)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-147.74, 64.8376]}
    assert (feature["id"], feature["properties"]["distance_km"]) == (FAIRBANKS, 0)
    _, second, _ = ask(client, near="99701")["features"]
    told = second["properties"]
    assert 400 < told["distance_km"] < 430
    assert told["distance_mi"] == pytest.approx(told["distance_km"] / KM_PER_MILE, abs=0.001)


def test_the_api_and_the_directory_give_the_same_order(client: FlaskClient, app: Flask) -> None:
    found = directory.current(db.session()).near(FAIRBANKS_PLACE)
    body = ask(client, lat=FAIRBANKS_PLACE.lat, lon=FAIRBANKS_PLACE.lon)
    assert slugs(body) == [each.listing.slug for each in found]
    assert body["place"]["precision"] == "point"


def test_what_nobody_confirmed_is_null(client: FlaskClient) -> None:
    told = ask(client, near="San Diego, CA")["features"][0]["properties"]
    assert told["slug"] == DAYDREAM
    assert {told[fact] for fact in ("street", "zip", "phone", "hours", "website")} == {None}
    assert (told["accepting"], told["offerings"]) == (False, [])
    assert (told["checked_on"], told["checked_by"]) == ("2026-11-22", "the portal's operator")


def test_without_a_place_all_clinics_are_listed_without_distances(client: FlaskClient) -> None:
    body = ask(client)
    assert body["place"] is None
    assert slugs(body) == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    assert {feature["properties"]["distance_km"] for feature in body["features"]} == {None}


def test_filters_and_the_limit_are_kept_to(client: FlaskClient) -> None:
    assert slugs(ask(client, near="99701", accepting="no")) == [DAYDREAM]
    assert slugs(ask(client, near="99701", offering="pain")) == [FAIRBANKS, ANCHORAGE]
    assert slugs(ask(client, near="99701", limit=1)) == [FAIRBANKS]


@pytest.mark.parametrize(
    ("near", "first"), [("Springfield", "Springfield, MO"), ("Ankorage", "Anchorage, AK")]
)
def test_a_place_that_may_be_several_is_asked_back(client: FlaskClient, near: str, first: str) -> None:
    body = ask(client, near=near)
    assert (body["place"], body["features"]) == (None, [])
    assert body["candidates"][0]["key"] == first
    assert ask(client, near=first)["place"]["key"] == first


def test_a_street_address_is_said_to_be_shortened(client: FlaskClient) -> None:
    place = ask(client, near="12 Birch Rd, Bethel")["place"]
    assert (place["label"], place["shortened"]) == ("Bethel, Alaska", True)


@pytest.mark.parametrize("near", ["qqzzxx", "88888", "x" * 10_000, "\x00", "<script>", "' OR 1=1 --"])
def test_a_place_that_no_table_knows_is_not_found(client: FlaskClient, near: str) -> None:
    body = ask(client, 404, near=near)
    assert (body["status"], body["title"]) == (404, "Not Found")
    assert [error["name"] for error in body["errors"]] == ["near"]


@pytest.mark.parametrize(
    ("args", "names"),
    [
        ({"lat": "nan", "lon": "1"}, ["lat"]),
        ({"lat": "1", "lon": "inf"}, ["lon"]),
        ({"lat": "90.1", "lon": "-180.1"}, ["lat", "lon"]),
        ({"lat": "north", "lon": ""}, ["lat", "lon"]),
        ({"lat": "\N{ARABIC-INDIC DIGIT THREE}", "lon": "1_0"}, ["lat", "lon"]),
        ({"lat": "1e999", "lon": "."}, ["lat", "lon"]),
        ({"lat": "61"}, ["lon"]),
        ({"lon": "-149"}, ["lat"]),
        ({"near": "Bethel", "lat": "61", "lon": "-149"}, ["near"]),
        ({"near": "Bethel", "lon": "-149"}, ["near"]),
        ({"near": "  "}, ["near"]),
        ({"offering": "massage"}, ["offering"]),
        ({"accepting": "true"}, ["accepting"]),
        ({"limit": "0"}, ["limit"]),
        ({"limit": "501"}, ["limit"]),
        ({"limit": "ten"}, ["limit"]),
        ({"limit": "9" * 5000}, ["limit"]),
        ({"limit": "²"}, ["limit"]),
        ({"lat": "x", "limit": "-1", "offering": "", "near": ""}, ["near", "lat", "offering", "limit"]),
    ],
)
def test_wrong_parameters_are_named_all_at_once(
    client: FlaskClient, args: dict[str, str], names: list[str]
) -> None:
    body = ask(client, 400, **args)
    assert [error["name"] for error in body["errors"]] == names
    assert all(error["message"] for error in body["errors"])


def test_the_poles_and_the_antimeridian_are_places_too(client: FlaskClient) -> None:
    for lat, lon in ((90, 0), (-90, 180), (0, -180), (0, 0)):
        assert len(ask(client, lat=lat, lon=lon)["features"]) == 3


def test_one_clinic_is_found_by_its_slug(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/clinics/{ANCHORAGE}")
    assert answer.content_type == "application/geo+json"
    body = answer.get_json(force=True)
    assert body["properties"]["name"] == "Ketwell Alaska, Anchorage"
    assert body["properties"]["url"] == f"http://127.0.0.1:8000/clinics/{ANCHORAGE}"
    assert [offering["code"] for offering in body["properties"]["offerings"]] == ["mood", "pain"]


@pytest.mark.parametrize("path", ["/api/v1/clinics/nope", "/api/v1/clinics/%00", "/api/v1/nothing"])
def test_what_is_not_there_is_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json(force=True)["title"] == "Not Found"


def test_a_wrong_method_is_a_problem(client: FlaskClient) -> None:
    answer = client.post("/api/v1/clinics", json={})
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
