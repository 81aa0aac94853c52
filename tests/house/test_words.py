"""Names say what a thing is; words that say nothing are not used, and nothing is left for later in a comment."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import ROOT, definitions, pages_of_text, place, python_files, templates

EMPTY_WORDS = {"manager", "helper", "util", "handler", "processor", "data", "info", "enum"}
EMPTY_IN_CLASSES = EMPTY_WORDS | {"service"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# Libraries find these of our functions by their names.
ASKED_FOR = {"handle_DATA"}
# Written in two parts, so that this file does not find itself.
LEFT_FOR_LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
IGNORED_WITHOUT_CODE = re.compile(r"# (type: ig" r"nore(?!\[)|no" r"qa(?!: [A-Z]))")


def words(name: str) -> set[str]:
    """Split a name into its words, each in lower case and in the singular."""
    return {word.lower().removesuffix("s") for word in WORD.findall(name)}


def names() -> Iterator[tuple[str, str, set[str]]]:
    """Yield the place, the name and the words forbidden there, of every module, class and function."""
    for path in python_files():
        module = path.parent.name if path.stem == "__init__" else path.stem
        yield place(path), module, EMPTY_WORDS
        for node in definitions(path):
            # The name of a test is a sentence, and a sentence may speak of anything.
            if not node.name.startswith("test_") and node.name not in ASKED_FOR:
                forbidden = EMPTY_IN_CLASSES if isinstance(node, ast.ClassDef) else EMPTY_WORDS
                yield place(path, node.lineno), node.name, forbidden


def matches(pattern: re.Pattern[str], paths: list[str]) -> list[str]:
    return [
        f"{path}:{number}"
        for path in paths
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_names_are_split_into_words_in_the_singular() -> None:
    assert words("HTTPHandlers") == {"http", "handler"}
    assert words("read_clinic_infos") == {"read", "clinic", "info"}


def test_no_name_uses_a_word_that_says_nothing() -> None:
    assert [f"{where} {name}" for where, name, forbidden in names() if words(name) & forbidden] == []


def test_every_exception_to_a_check_says_which_check() -> None:
    assert matches(IGNORED_WITHOUT_CODE, [place(path) for path in python_files()]) == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    everything = [*python_files(), *templates(), *pages_of_text(), ROOT / "Makefile", ROOT / "pyproject.toml"]
    assert matches(LEFT_FOR_LATER, [place(path) for path in everything]) == []
