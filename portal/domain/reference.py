"""Public codes of referrals: short, read aloud without doubt, with a check character.

25 characters without vowels (so that no word appears) and without look-alikes (0 O, 1 I L, 5 S, 8 B, 2 Z:
only the digit of each pair is used). Seven carry the code, the eighth makes the weighted sum divisible by 25;
weights 1 and 2 in turn catch every single wrong character and every swap of two neighbours.
"""

from random import Random

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
LENGTH = 8
LOOK_ALIKES = str.maketrans({"B": "8", "S": "5", "Z": "2"})


def _weighed(code: str) -> int:
    return sum(ALPHABET.index(char) * (1 + place % 2) for place, char in enumerate(reversed(code)))


def draw(source: Random) -> str:
    """Draw a new reference like "7KQ4-92MD" from the given source of randomness."""
    body = "".join(source.choice(ALPHABET) for _ in range(LENGTH - 1))
    check = ALPHABET[-_weighed(f"{body}{ALPHABET[0]}") % len(ALPHABET)]
    return f"{body[:4]}-{body[4:]}{check}"


def read(text: str) -> str | None:
    """Read what a person typed (any case, spaces, no hyphen, a look-alike) as a reference, or None if it is none."""
    code = "".join(char for char in text.upper() if char.isalnum()).translate(LOOK_ALIKES)
    if len(code) != LENGTH or any(char not in ALPHABET for char in code) or _weighed(code) % len(ALPHABET):
        return None
    return f"{code[:4]}-{code[4:]}"
