"""What the pages for people say to type exists."""

import re

from tests.house.sources import ROOT, pages_of_text, place

TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
# A command stands in backquotes or begins a line of a code block, with or without a prompt and settings.
MAKE = re.compile(r"(?:`|^\s*(?:\$ )?)(?:[A-Z_]+=\S+ )*make ([a-z]+)", re.MULTILINE)


def make_targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def commands(name: str) -> set[str]:
    return set(MAKE.findall((ROOT / name).read_text(encoding="utf-8")))


def test_every_make_command_of_a_page_exists() -> None:
    unknown = {page: commands(page) - make_targets() for page in map(place, pages_of_text())}
    assert {page: names for page, names in unknown.items() if names} == {}


def test_the_readme_names_the_two_commands() -> None:
    assert commands("README.md") >= {"run", "test"}


def test_the_automatic_run_is_the_command_of_the_readme() -> None:
    last_line = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]
    assert last_line == "exec make test"


def test_every_make_command_says_what_it_does() -> None:
    described = re.findall(
        r"^([a-z]+):.*## \w", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(described) == make_targets()
