"""What a password must be: long, and hard to guess; of which signs it is made is nobody's business.

Sources: NIST SP 800-63B-4 3.1.1.2, OWASP ASVS 5.0 6.2.1 to 6.2.12.
"""

import re
import unicodedata
from collections.abc import Collection

from zxcvbn import zxcvbn

LEAST_ALONE = 15
"""Characters, while nothing else proves who somebody is."""
LEAST_WITH_SECOND_FACTOR = 8
MOST = 128
GUESSES_LEAST = 10**10
"""How many guesses a thief with common passwords, names, dates and keyboard rows in hand must need."""
WORD = re.compile(r"\w{3,}")
ESTIMATED_CHARS = 72
"""The estimate takes time with the square of the length; what is longer is not easier to guess."""
EASY = (
    "This password is easy to guess: it is a common one, a pattern, or made of your name, your email or the name of "
    "this site. Use other words."
)
SAME_WORDS = "Use a password other than the one you have now."


def normal(typed: str) -> str:
    """Return a password as it is hashed, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFKC", typed)


def problem(password: str, *, has_second_factor: bool, context: Collection[str]) -> str | None:
    """Return why a normal password cannot be used, in a sentence that says the way out, or None.

    `context` are words that others would try first: the member's name and email, the name of this site.
    """
    least = LEAST_WITH_SECOND_FACTOR if has_second_factor else LEAST_ALONE
    if len(password) < least:
        return f"Use at least {least} characters. Several words in a row are easy to remember."
    if len(password) > MOST:
        return f"Use at most {MOST} characters."
    words = {word.casefold() for text in context for word in WORD.findall(text)}
    if _is_of_these(password, words) or _guesses(password, words) < GUESSES_LEAST:
        return EASY
    return None


def _is_of_these(password: str, words: Collection[str]) -> bool:
    """Tell whether little is left of a password without these words."""
    rest = whole = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != whole and len("".join(rest.split())) < LEAST_WITH_SECOND_FACTOR


def _guesses(password: str, words: Collection[str]) -> int:
    return int(zxcvbn(password[:ESTIMATED_CHARS], user_inputs=sorted(words))["guesses"])
