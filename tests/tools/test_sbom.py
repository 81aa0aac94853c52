"""The list of parts names every pin with its hashes, says the licences it knows, and is valid CycloneDX."""

import json
import re
from importlib.metadata import PackageNotFoundError, version

import pytest

from tools import sbom
from tools.sbom import ROOT, Bom

PINS = (ROOT / "requirements.txt").read_text()
PIN = re.compile(r"^([a-z0-9-]+)==([\w.]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def listed() -> Bom:
    """The list as the command writes it, which also checks that it is valid."""
    assert sbom.main() == 0
    read: Bom = json.loads(sbom.WRITTEN.read_text())
    return read


def is_here(part: Bom) -> bool:
    """Tell whether a part is installed: some pins are for other platforms and Pythons."""
    try:
        return bool(version(part["name"]) == part["version"])
    except PackageNotFoundError:
        return False


def test_it_lies_where_git_does_not_look(listed: Bom) -> None:
    assert f"{sbom.WRITTEN.parent.name}/" in (ROOT / ".gitignore").read_text().splitlines()
    assert listed["metadata"]["component"]["name"] == "clinic-portal"


def test_every_pin_is_listed_and_nothing_else(listed: Bom) -> None:
    assert sorted((part["name"], part["version"]) for part in listed["components"]) == sorted(
        PIN.findall(PINS)
    )


def test_every_part_has_its_hashes(listed: Bom) -> None:
    for part in listed["components"]:
        hashes = [found["content"] for place in part["externalReferences"] for found in place["hashes"]]
        assert hashes, part["name"]
        assert all(found in PINS for found in hashes), part["name"]


def test_every_part_that_is_installed_says_its_licence(listed: Bom) -> None:
    assert [part["name"] for part in listed["components"] if is_here(part) and not part.get("licenses")] == []


def test_what_needs_what_leads_from_the_portal_to_every_part_that_is_installed(listed: Bom) -> None:
    needs = {each["ref"]: each["dependsOn"] for each in listed["dependencies"]}
    reached: set[str] = set()
    waiting = [listed["metadata"]["component"]["bom-ref"]]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += needs[ref]
    assert [
        part["name"] for part in listed["components"] if is_here(part) and part["bom-ref"] not in reached
    ] == []
