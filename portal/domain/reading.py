"""Readers that turn typed text into values; each raises ValueError with a sentence that says the way out."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, groupby

import phonenumbers
from email_validator import EmailNotValidError, validate_email

OLDEST_AGE_YEARS = 120
ADULT_AGE_YEARS = 18
MARKS_MOST = 30
"""Accents in a row, as in stream-safe text (UAX 15): to order many takes time with the square of their number."""
NOT_CONFIRMED = "Confirm that the patient agrees to this referral"

_DATE_LAYOUTS = ("%m %d %Y", "%Y %m %d", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%d %m %Y")
"""In this order, so that a day comes first only where its number can be no month."""
_NO_WORDS = re.compile(r"\b(?:the|of)\b|(?<=[0-9])(?:st|nd|rd|th)\b", re.IGNORECASE)
"""What stands in a date and says nothing."""
_SHORT_YEAR = re.compile(r"(?:[0-9]{1,2} [^\s]{1,9}|[^\W\d]{3,9} [0-9]{1,2}) ['’]?[0-9]{2}")
_TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv", "md"})
"""What follows a name and is none."""
_IN_NAMES = frozenset(" -.,()'\N{LEFT SINGLE QUOTATION MARK}’\"“”")


def text(typed: str, *, most: int, lines: bool = False) -> str:
    """Return the text in NFC, trimmed; raise ValueError when empty, too long or holding what no keyboard writes.

    Signs that turn the direction of text are dropped: phones copy them along, and a name could show as another.
    """
    clean = typed.replace("\r\n", "\n").strip()
    if not clean.isascii():
        bare = clean.translate(_TURNS).strip()
        if has_heaped_marks(bare):
            raise ValueError("Take out the accents that are heaped on one letter")
        clean = unicodedata.normalize("NFC", bare)
    if not clean:
        raise ValueError("Enter an answer")
    if len(clean) > most:
        raise ValueError(f"Use {most:,} characters or fewer; this has {len(clean):,}")
    # What prints whole holds none of them, and most of what is typed does.
    if not clean.isprintable() and any(
        _is_control(char) and not (lines and char in "\n\t") for char in clean
    ):
        raise ValueError("Take out the hidden control characters; typing it again does that")
    return clean


def has_heaped_marks(text: str) -> bool:
    """Tell whether more accents stand in a row than any language writes; to compose those could take seconds."""
    if text.isascii():
        return False
    runs = groupby(text, key=lambda char: unicodedata.category(char).startswith("M"))
    return any(len(list(run)) > MARKS_MOST for marked, run in runs if marked)


def _is_control(char: str) -> bool:
    # Cc and Cs hold control codes and lone surrogates; Cf holds joiners that some scripts need, so it stays.
    return unicodedata.category(char) in {"Cc", "Cs"}


def name(typed: str, *, most: int) -> str:
    """Return a person's name with single spaces: letters of any script, digits, and the signs names are written with."""
    clean = " ".join(text(typed, most=most).split())
    if not any(char.isalpha() for char in clean):
        raise ValueError("Enter a name in letters, like Cedar Sampleton")
    if not all(_is_in_names(char) for char in clean):
        raise ValueError(
            "In a name, use only letters, digits, spaces, hyphens, apostrophes, periods, commas, "
            "parentheses and quotation marks"
        )
    return clean


def _is_in_names(char: str) -> bool:
    return (
        char.isalpha() or char.isdecimal() or unicodedata.category(char).startswith("M") or char in _IN_NAMES
    )


def initials(name: str) -> str:
    """Return the initials of a name's first and last words, like "C. S."; "Sampleton, Cedar" gives the same.

    What starts with a digit is no such word, and neither is a "Jr" or "III" after the name.
    """
    parts = [words for part in name.split(",") if (words := _name_words(part))]
    first_to_last = [word for words in parts[1:2] + parts[:1] for word in words]
    letters = [word[0] for word in first_to_last] or [next(filter(str.isalpha, name))]
    return " ".join(f"{letter.upper()}." for letter in letters[:1] + letters[1:][-1:])


def _name_words(name: str) -> list[str]:
    bare = (word.strip("".join(_IN_NAMES)) for word in name.split())
    words = [word for word in bare if word[:1].isalpha()]
    while words and words[-1].casefold() in _AFTER_NAMES:
        words.pop()
    return words


def name_key(name: str) -> str:
    """Return a name as it is compared: its words without case and signs, in one order, so "Sampleton, Cedar" fits too."""
    words = ("".join(char for char in word if char.isalnum()) for word in name.casefold().split())
    return " ".join(sorted(word for word in words if word))


def birth_date(typed: str, today: date) -> date:
    """Return a date of birth, month first when all are digits; raise ValueError when it cannot be one."""
    found = find_date(text(typed, most=40))
    if found is None:
        raise no_date(typed, "Enter a full date of birth that exists, like 3 27 1985")
    if found > today:
        raise ValueError("The date of birth is in the future; check the year")
    if age_years(found, today) > OLDEST_AGE_YEARS:
        raise ValueError(f"The date of birth gives an age over {OLDEST_AGE_YEARS}; check the year")
    return found


def find_date(typed: str) -> date | None:
    """Return the full date that was typed, month first when all are digits; None when it is none."""
    return next(chain.from_iterable(map(_dates, _parted(spaced(typed)))), None)


def no_date(typed: str, otherwise: str) -> ValueError:
    """Return why a text is no date: its year has two digits, or what is said otherwise."""
    short = _SHORT_YEAR.fullmatch(spaced(typed))
    return ValueError("Give the year with four digits, like 1985" if short else otherwise)


def spaced(typed: str) -> str:
    """Return the words of a date with single spaces, as its layouts spell them: "Sept. 3rd, 1985" is "Sep 3 1985"."""
    words = re.split(r"[\s,./-]+", _NO_WORDS.sub(" ", typed))
    return " ".join("Sep" if word.casefold() == "sept" else word for word in words if word)


def _parted(words: str) -> tuple[str, ...]:
    """Return what eight digits may be, the year first or last; anything else as it is."""
    if not re.fullmatch(r"[0-9]{8}", words):
        return (words,)
    return f"{words[:4]} {words[4:6]} {words[6:]}", f"{words[:2]} {words[2:4]} {words[4:]}"


def _dates(words: str) -> Iterator[date]:
    # A year of one to three digits is a slip, and strptime would take it for one of the first thousand years.
    if not re.search(r"\b\d{4}\b", words):
        return
    for layout in _DATE_LAYOUTS:
        try:
            yield datetime.strptime(words, layout).date()  # noqa: DTZ007  (a date has no time zone)
        except ValueError:
            continue


def age_years(born: date, today: date) -> int:
    """Return whole years of age on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def phone(typed: str) -> str:
    """Return a phone number in E.164, read as a United States number unless it starts with +."""
    try:
        number = phonenumbers.parse(text(typed, most=40), "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("Enter a phone number with area code, like 907-555-0142")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_words(number: str) -> str:
    """Return an E.164 number as people here write it: 907-555-0142, or the international form."""
    parsed = phonenumbers.parse(number)
    if parsed.country_code != 1:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = str(parsed.national_number)
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def email(typed: str) -> str:
    """Return an address that mail can be sent to (its form is checked, nothing is looked up)."""
    try:
        # Reserved names such as example.com are for tests; a mail server's refusal is shown to staff anyway.
        found = validate_email(text(typed, most=254), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError("Enter an email address, like name@example.com") from None
    return found.normalized


def yes(typed: str) -> bool:
    """Return True for an agreement; raise ValueError for anything else."""
    if typed.strip().lower() not in {"yes", "true", "on", "y"}:
        raise ValueError(NOT_CONFIRMED)
    return True
