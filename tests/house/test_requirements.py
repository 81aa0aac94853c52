"""What is installed is pinned with hashes, and says nothing of where it was pinned."""

import re

import pytest

from tests.house.sources import ROOT

OURS = ("requirements", "requirements-dev")
SCANNERS = ("tools/scan/requirements-web", "tools/scan/requirements-api")
NAMES = [*OURS, *SCANNERS]
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==[\w.]+( ; [^/]+)?( --hash=sha256:[0-9a-f]{64})+")
ASKED_FOR = re.compile(r"^[a-z][a-z0-9-]*", re.MULTILINE)
PLACE = re.compile(r"/|--(index|extra|find|trusted)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(name: str) -> list[str]:
    """List the pins of a file, each with its hashes on one line."""
    text = re.sub(r"\s*\\\n\s*", " ", read(f"{name}.txt"))
    return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_every_pin_has_its_version_and_hashes_and_nothing_else(name: str) -> None:
    assert pins(name)
    assert [pin for pin in pins(name) if not PINNED.fullmatch(pin)] == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_asked_for_is_pinned(name: str) -> None:
    pinned = {match["name"] for pin in pins(name) if (match := PINNED.fullmatch(pin))}
    assert set(ASKED_FOR.findall(read(f"{name}.in"))) - pinned == set()


@pytest.mark.parametrize("name", [f"{name}.{ending}" for name in NAMES for ending in ("in", "txt")])
def test_no_place_of_the_machine_that_pinned_is_named(name: str) -> None:
    assert PLACE.findall(read(name)) == []


def test_both_files_pin_the_same_version_of_what_they_share() -> None:
    run, dev = ({pin.split("==")[0]: pin.split()[0] for pin in pins(name)} for name in OURS)
    assert {name: (run[name], dev[name]) for name in run.keys() & dev.keys() if run[name] != dev[name]} == {}
