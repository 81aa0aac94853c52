"""Whether two referrals are of the same patient: found by keyed marks, then compared, since people mistype.

Each mark holds the date of birth and one thing more, so that a slip in a name leaves others; without the date of birth
nobody is found. It is never decided here that two are one: a sender is asked, and staff see both.
"""

import unicodedata
from collections.abc import Iterator

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein

from portal.domain.intake import Patient

SLIP_FROM_LETTERS = 4
"""A shorter name that differs by a letter is another name: Ana and Ann, Jon and Ron."""
WITHIN_NAMES = (
    "'`\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}\N{MODIFIER LETTER TURNED COMMA}"
)
"""Signs that stand within a name and do not part it."""


def marks(patient: Patient) -> Iterator[tuple[str, ...]]:
    """Yield the parts of each mark: date of birth with each name's sound, with each initial, and with the phone."""
    born = patient.date_of_birth.isoformat()
    for word in sorted(set(_words(patient.name))):
        yield ("sound", born, jellyfish.metaphone(word) or word)
        yield ("initial", born, word[0])
    yield ("phone", patient.phone, born)


def is_same(one: Patient, other: Patient) -> bool:
    """Tell whether two patients may be one: born on one day, and with names that differ by their order and one slip.

    A name more or less is no difference where two others fit: middle names, double surnames. With the same phone the
    given name is enough, for a surname changes.
    """
    if one.date_of_birth != other.date_of_birth:
        return False
    if _names_fit(_words(one.name), _words(other.name)):
        return True
    return one.phone == other.phone and _given(one.name) == _given(other.name)


def _names_fit(one: list[str], other: list[str]) -> bool:
    few, many = sorted((one, other), key=len)
    left, slips = list(many), 0
    # Those that fit exactly go first, so that a slip is not taken for another name.
    for word in sorted(few, key=lambda word: word not in many):
        match = min(left, key=lambda each: DamerauLevenshtein.distance(word, each))
        slips += _slips(word, match)
        left.remove(match)
    return slips <= 1 and (len(few) > 1 or len(few) == len(many))


def _slips(one: str, other: str) -> int:
    """Return 0 for one name, 1 where a letter is wrong, missing, one too many, or changed places; else more."""
    if one == other:
        return 0
    if min(len(one), len(other)) < SLIP_FROM_LETTERS:
        return 2
    return DamerauLevenshtein.distance(one, other)


def _given(name: str) -> str:
    """Return the given name: the first, or what stands behind the comma of "Sampleton, Cedar"."""
    surname, comma, given = name.partition(",")
    return next(iter(_words(given if comma else surname)), "")


def _words(name: str) -> list[str]:
    """Return the words of a name without accents, case and signs; initials count only where there is nothing else."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = plain.translate(dict.fromkeys(map(ord, WITHIN_NAMES)))
    letters = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    words = letters.split()
    return [word for word in words if len(word) > 1] or words
