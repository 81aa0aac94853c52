"""Whether two referrals are of the same patient: found by keyed marks, then compared, since people mistype.

The marks are three pairs, none of which is guessed from the others, so that one slip still leaves two.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein

from portal.domain.intake import Patient

SLIPS_MOST = 1


def marks(patient: Patient) -> Iterator[tuple[str, ...]]:
    """Yield the parts of each mark: date of birth with each name's sound, with each initial, and with the phone."""
    born = patient.date_of_birth.isoformat()
    words = _words(patient.name)
    for word in sorted(set(words)):
        yield ("sound", born, jellyfish.metaphone(word) or word)
        yield ("initial", born, word[0])
    yield ("phone", patient.phone, born)


def is_same(one: Patient, other: Patient) -> bool:
    """Tell whether two patients are one: the same day of birth and names that differ by order and one slip a name.

    A slip in the date of birth counts as one where name and phone are the same.
    """
    names_fit = _names_fit(_words(one.name), _words(other.name))
    if one.date_of_birth == other.date_of_birth:
        return names_fit
    return names_fit and one.phone == other.phone and _one_slip(one.date_of_birth, other.date_of_birth)


def _names_fit(one: list[str], other: list[str]) -> bool:
    few, many = sorted((one, other), key=len)
    left = list(many)
    for word in few:
        match = min(left, key=lambda each: DamerauLevenshtein.distance(word, each), default=None)
        if match is None or DamerauLevenshtein.distance(word, match) > SLIPS_MOST:
            return False
        left.remove(match)
    return len(few) > 1 or few == many


def _one_slip(one: date, other: date) -> bool:
    return DamerauLevenshtein.distance(one.strftime("%Y%m%d"), other.strftime("%Y%m%d")) <= SLIPS_MOST


def _words(name: str) -> list[str]:
    """Return the words of a name without accents, case, signs and initials."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    words = letters.split()
    return [word for word in words if len(word) > 1] or words
