"""The tables of places themselves: whole, within the country, and right where Alaska's sources go wrong."""

import csv
import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
from geopy.distance import geodesic

from portal.gateways.place_names import STATES, fold
from tools.places.vote import elect

FOLDER = Path("seeds/places")
PACIFIC = {"GU", "MP", "FM", "MH", "PW"}
CARIBBEAN = {"PR", "VI"}

# Widely published positions of towns, to a hundredth of a degree, and their ZIP.
KNOWN = {
    "99503": ("Anchorage", 61.19, -149.89),
    "99505": ("Joint Base Elmendorf-Richardson", 61.25, -149.69),
    "99559": ("Bethel", 60.79, -161.76),
    "99546": ("Adak", 51.88, -176.65),
    "99571": ("Cold Bay", 55.21, -162.71),
    "99574": ("Cordova", 60.54, -145.76),
    "99576": ("Dillingham", 59.04, -158.46),
    "99577": ("Eagle River", 61.32, -149.57),
    "99587": ("Girdwood", 60.94, -149.17),
    "99588": ("Glennallen", 62.11, -145.55),
    "99603": ("Homer", 59.64, -151.54),
    "99611": ("Kenai", 60.55, -151.26),
    "99615": ("Kodiak", 57.79, -152.41),
    "99627": ("McGrath", 62.96, -155.60),
    "99637": ("Toksook Bay", 60.53, -165.10),
    "99645": ("Palmer", 61.60, -149.11),
    "99654": ("Wasilla", 61.58, -149.44),
    "99660": ("St. Paul", 57.12, -170.28),
    "99664": ("Seward", 60.10, -149.44),
    "99669": ("Soldotna", 60.49, -151.06),
    "99683": ("Trapper Creek", 62.31, -150.23),
    "99684": ("Unalakleet", 63.87, -160.79),
    "99685": ("Unalaska", 53.87, -166.54),
    "99686": ("Valdez", 61.13, -146.35),
    "99701": ("Fairbanks", 64.84, -147.72),
    "99723": ("Utqiaġvik", 71.29, -156.79),
    "99737": ("Delta Junction", 64.04, -145.73),
    "99738": ("Eagle", 64.79, -141.20),
    "99740": ("Fort Yukon", 66.56, -145.27),
    "99741": ("Galena", 64.73, -156.93),
    "99747": ("Kaktovik", 70.13, -143.62),
    "99752": ("Kotzebue", 66.90, -162.60),
    "99762": ("Nome", 64.50, -165.41),
    "99766": ("Point Hope", 68.35, -166.81),
    "99780": ("Tok", 63.34, -142.99),
    "99801": ("Juneau", 58.30, -134.42),
    "99830": ("Kake", 56.98, -133.95),
    "99835": ("Sitka", 57.05, -135.33),
    "99901": ("Ketchikan", 55.34, -131.65),
    "99921": ("Craig", 55.48, -133.15),
}


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def everything() -> list[dict[str, str]]:
    return rows("zips.csv") + rows("towns.csv")


def is_in_bounds(row: dict[str, str]) -> bool:
    lat, lon = float(row["lat"]), float(row["lon"])
    if row["state"] in PACIFIC:
        return 1 <= lat <= 21 and 131 <= lon <= 173
    if row["state"] == "AS":
        return -15 <= lat <= -11 and -172 <= lon <= -168
    if row["state"] == "AK":
        return 51 <= lat <= 72 and (lon <= -129 or lon >= 172)
    if row["state"] == "HI":
        # Wake Island, west of the date line, gets its mail through Hawaii.
        return 18 <= lat <= 29 and (-179 <= lon <= -154 or lon >= 166)
    if row["state"] in CARIBBEAN:
        return 17 <= lat <= 19 and -68 <= lon <= -64
    return 24 <= lat <= 50 and -125 <= lon <= -66


def test_every_row_lies_in_its_part_of_the_country() -> None:
    assert [row for row in everything() if not is_in_bounds(row)] == []


def test_positions_have_four_decimals() -> None:
    assert all(len(row[axis].partition(".")[2]) == 4 for row in everything() for axis in ("lat", "lon"))


def test_every_state_has_zips_and_towns() -> None:
    assert {row["state"] for row in rows("zips.csv")} == set(STATES)
    assert {row["state"] for row in rows("towns.csv")} <= set(STATES)


def test_the_tables_are_sorted_and_each_row_is_there_once() -> None:
    zips = [row["zip"] for row in rows("zips.csv")]
    assert zips == sorted(set(zips))
    towns = [(row["state"], fold(row["name"]), row["county"]) for row in rows("towns.csv")]
    assert towns == sorted(set(towns))


def test_the_zip_table_can_be_read_line_by_line() -> None:
    text = (FOLDER / "zips.csv").read_text(encoding="utf-8")
    assert '"' not in text
    assert {line.count(",") for line in text.splitlines()} == {4}


def test_military_and_invented_zips_are_left_out() -> None:
    zips = {row["zip"] for row in rows("zips.csv")}
    assert not zips & {"88888", "09001", "34001", "96201"}


def test_the_tables_are_large_enough_to_be_whole() -> None:
    assert len(rows("zips.csv")) > 41_000
    assert len(rows("towns.csv")) > 36_000
    assert sum(row["state"] == "AK" for row in rows("zips.csv")) >= 273
    assert sum(row["state"] == "AK" for row in rows("towns.csv")) >= 420


@pytest.mark.parametrize("code", KNOWN)
def test_a_known_town_of_alaska_is_where_people_live(code: str) -> None:
    name, *point = KNOWN[code]
    zip_row = next(row for row in rows("zips.csv") if row["zip"] == code)
    town_row = next(row for row in rows("towns.csv") if (row["state"], row["name"]) == ("AK", name))
    for row in (zip_row, town_row):
        assert geodesic(point, (row["lat"], row["lon"])).km < 25


def test_every_zip_of_alaska_lies_near_the_town_it_is_named_after() -> None:
    towns = {row["name"]: (row["lat"], row["lon"]) for row in rows("towns.csv") if row["state"] == "AK"}
    alaska = [row for row in rows("zips.csv") if row["state"] == "AK"]
    assert [row for row in alaska if geodesic(towns[row["town"]], (row["lat"], row["lon"])).km > 25] == []


def test_the_manifest_describes_these_very_files() -> None:
    manifest = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))
    assert {path.name for path in FOLDER.glob("*.csv")} == set(manifest["files"])
    for name, described in manifest["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == described["sha256"]


def test_the_manifest_names_the_versions_it_was_made_with() -> None:
    manifest = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))
    pinned = dict(
        line.split("==")
        for line in Path("tools/places/requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    )
    assert {name: source["version"] for name, source in manifest["sources"].items()} == pinned


def test_every_row_kept_by_hand_names_its_source() -> None:
    with Path("tools/places/overlay.csv").open(encoding="utf-8", newline="") as lines:
        assert all(row["source"] for row in csv.DictReader(lines))


def test_a_source_that_stands_alone_is_outvoted() -> None:
    anchorage, nearby, far = (61.19, -149.89), (61.22, -149.90), (65.2, -149.9)
    assert elect([far, anchorage, nearby]) == anchorage


def test_of_equals_the_more_trusted_source_is_taken() -> None:
    trusted, other = (61.19, -149.89), (65.2, -149.9)
    assert elect([trusted, other]) == trusted


def test_a_source_only_heard_is_never_copied() -> None:
    trusted, other, heard = (61.19, -149.89), (65.2, -149.9), (65.21, -149.91)
    assert elect([trusted, other], also_heard=[heard]) == other
    assert elect([], also_heard=[heard]) is None
