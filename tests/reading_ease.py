"""How many years of school a text asks for; rough, and the same for every page."""

import re
from collections.abc import Iterable

VOWELS = re.compile(r"[aeiouy]+")


def grade(sentences: Iterable[str]) -> float:
    """Return the Flesch-Kincaid grade of prose."""
    prose = " ".join(sentences)
    words = re.findall(r"[A-Za-z']+", prose)
    ends = len(re.findall(r"[.?:](?:\s|$)", prose))
    return 0.39 * len(words) / ends + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    # An e at the end is silent, but in "the"; capitals alone are read letter by letter.
    if word.isupper():
        return len(word)
    found = len(VOWELS.findall(word.lower().removesuffix("e")))
    return max(found, 1)
