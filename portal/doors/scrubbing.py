"""What a log line may hold: of our own lines, known facts in a known shape; of free text, what looks like nobody.

An allow-list holds for what the portal says itself. The patterns for free text are the second net, for the lines of
libraries: they know the shapes of phones, dates, addresses and keys, and cannot know a name.
"""

import re
from collections.abc import Mapping

GONE = "[removed]"
READ_CHARS, SAID_CHARS = 4000, 500

_NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,6})?"
_OUR_WORDS = r"[a-z][a-z ,'’-]{0,79}"
_FACTS = {
    "digest": r"[0-9a-f]{64}",
    "how": _OUR_WORDS,
    "kind": r"[A-Za-z_][A-Za-z0-9_.]{0,79}",
    "member_id": _NUMBER,
    "method": r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT",
    "milliseconds": _NUMBER,
    "number": _NUMBER,
    "owed": _OUR_WORDS,
    "proxy_id": r"[A-Za-z0-9-]{8,64}",
    "reason": _OUR_WORDS,
    "route": r"[A-Za-z0-9_./<>:(),'\" =-]{1,300}",
    "status": r"[1-5][0-9]{2}",
}
KNOWN: Mapping[str, re.Pattern[str]] = {name: re.compile(shape) for name, shape in _FACTS.items()}
"""Every fact that a line of ours may tell beside its event, and the only shape it may have. No free text is among them."""
EVENT = re.compile(_OUR_WORDS)
"""What happened, in words that stand in the program."""

Fact = str | int | float | None

_PATTERNS = (
    r"\?\S*",  # The query of an address.
    r"(?i:bearer|basic)\s+\S+",
    r"[^\s@<>\"'(]{1,64}@[^\s@<>\"')]+",  # An email.
    r"(?<![\w-])[\w-]{8,}\.[\w-]{4,}\.[\w-]{16,}",  # A signed value: a session, a token of a form.
    r"(?<![\w-])[\w-]{32}(?![\w-])",  # A status key: 24 bytes in URL-safe base64.
    r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{22,}",  # Any longer key of mixed letters.
    r"(?<!\w)[0-9a-f]{32,}(?!\w)",  # A key in hexadecimal.
    r"(?<![\d.])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)",  # A phone,
    r"(?<![\d.-])\d{3}[.-]\d{4}(?![\d.-])",  # without its area too.
    r"(?<!\d)\d{4}-\d{1,2}-\d{1,2}(?!\d)",  # A date, in figures,
    r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)",
    r"(?i:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4})",  # and in words.
    r"(?i:\b\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+\d{4})",
)
_LOOKS_LIKE_SOMEBODY = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def scrub(text: str) -> str:
    """Return free text on one line, without what looks like a phone, email, date, key, token or query."""
    # Cut before, as anybody may have made it long, and after, so that half a key at the first cut is not told.
    return _LOOKS_LIKE_SOMEBODY.sub(GONE, _UNPRINTABLE.sub(" ", text[:READ_CHARS]))[:SAID_CHARS]


def facts(given: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return the known facts; a value of another shape is removed, and a fact nobody knows is not told at all."""
    return {
        name: value if value is None or KNOWN[name].fullmatch(str(value)) else GONE
        for name, value in given.items()
        if name in KNOWN
    }
