"""The table of ASVS requirements is whole, and what it calls met names a test that is there."""

import ast
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from tests.house.sources import ROOT

DOCS = ROOT / "docs"
# Each section of ASVS 5.0.0 with the level of its first, second, third ... requirement.
LEVELS = """
1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
2.1 122  2.2 112  2.3 12223  2.4 23
3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
4.1 12233  4.2 23333  4.3 22  4.4 1222
5.1 2  5.2 112333  5.3 113  5.4 222
6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
8.1 1233  8.2 1123  8.3 133  8.4 23
9.1 111  9.2 1222
10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
12.1 12233  12.2 11  12.3 22223
13.1 2333  13.2 222223  13.3 2233  13.4 1222233
14.1 22  14.2 12223333  14.3 122
15.1 12233  15.2 12233  15.3 1222222  15.4 3333
16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
17.1 23  17.2 22223333  17.3 22
"""
MOST_GAPS = 10
MOST_WORDS = 12
STATES = {"met", "not applicable", "gap"}
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


class Row(NamedTuple):
    """One row of the table; `test` is empty for what is not met."""

    number: str
    level: int
    about: str
    state: str
    how: str
    test: str


def rows() -> list[Row]:
    lines = (DOCS / "asvs.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [
        Row(number, int(level), about, state, how, test)
        for number, level, about, state, how, test in cells
        if number[:1].isdigit()
    ]


def levels() -> dict[str, int]:
    """Return the level of each requirement by its number."""
    words = LEVELS.split()
    return {
        f"{section}.{place}": int(level)
        for section, found in zip(words[::2], words[1::2], strict=True)
        for place, level in enumerate(found, start=1)
    }


@cache
def functions(path: str) -> frozenset[str]:
    """Return the names of a test file's functions; none where there is no such file."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def headings(name: str) -> frozenset[str]:
    """Return the anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles)


def test_the_levels_count_as_the_standard_does() -> None:
    assert Counter(levels().values()) == {1: 70, 2: 183, 3: 92}


def test_each_requirement_of_both_levels_stands_there_once_and_in_order() -> None:
    wanted = [(number, level) for number, level in levels().items() if level < 3]
    assert [(row.number, row.level) for row in rows()] == wanted


def test_nothing_is_pending() -> None:
    assert {row.number: row.state for row in rows() if row.state not in STATES} == {}


def test_what_is_met_says_how_and_names_a_test_that_is_there() -> None:
    for row in rows():
        if row.state == "met":
            named = [TEST.fullmatch(each) for each in row.test.split(", ")]
            assert row.how, row.number
            assert all(found and found[2] in functions(found[1]) for found in named), row


def test_what_is_not_met_says_why_and_names_no_test() -> None:
    assert [row.number for row in rows() if row.state != "met" and (not row.how or row.test)] == []


def test_there_are_ten_gaps_at_most() -> None:
    assert len([row for row in rows() if row.state == "gap"]) <= MOST_GAPS


def test_what_each_is_about_is_told_in_a_few_words() -> None:
    assert [row.number for row in rows() if not 0 < len(row.about.split()) <= MOST_WORDS] == []


@pytest.mark.parametrize("page", ["asvs.md", "hipaa.md", "security.md"])
def test_every_place_that_a_page_names_is_there(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for path, function in TEST.findall(text):
        assert (ROOT / path).is_file(), path
        assert not function or function in functions(path), (path, function)
    for link in LINK.findall(text):
        if not link.startswith("https://"):
            name, _, anchor = link.partition("#")
            assert (DOCS / (name or page)).is_file(), link
            assert not anchor or anchor in headings(name or page), link


@pytest.mark.parametrize("page", ["asvs.md", "hipaa.md", "security.md"])
def test_no_page_waits_for_something(page: str) -> None:
    assert "pending" not in (DOCS / page).read_text(encoding="utf-8").lower()
