"""Readers of numbers with a range, in their units; a range here only catches slips, and decides nothing clinical.

Ranges of blood pressure, weight and scores are those of the intake form's field list; that of height is our own.
"""

import re
from collections.abc import Collection, Mapping

from portal.domain import reading

NPI_PREFIX = "80840"
"""Stands before an NPI when its check digit is counted: issuer 840, the United States (CMS)."""
SYSTOLIC_MMHG = (60, 260)
DIASTOLIC_MMHG = (30, 160)
WEIGHT_KG = (25, 350)
HEIGHT_CM = (90, 250)
KG_IN_POUND = 0.45359237
CM_IN_INCH = 2.54
ITEM_9_MOST = 3
OTHER_ITEMS_MOST = 24
"""What the eight items of a PHQ-9 beside item 9 come to at most."""

_QUANTITY = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,7})(\.[0-9]{1,3})?\s*([^\s0-9][^0-9]*)?")
_WHOLE = re.compile(r"([0-9]{1,7})\s*(\D*)")
_PRESSURE = re.compile(r"([0-9]{2,3})\s*(?:/|over|\s)\s*([0-9]{2,3})(?:\s*mm\s?hg)?", re.IGNORECASE)
_FEET = re.compile(
    r"([0-9])\s*(?:'|’|ft\.?|feet|foot)\s*(?:([0-9]{1,2})\s*(?:\"|”|''|in\.?|inch|inches)?)?", re.IGNORECASE
)
_KG_IN = dict.fromkeys("kg kgs kilo kilos kilogram kilograms".split(), 1.0) | dict.fromkeys(
    "lb lbs pound pounds".split(), KG_IN_POUND
)
_CM_IN = {"cm": 1.0, "m": 100.0} | dict.fromkeys(["in", "inch", "inches", '"', "”", "''"], CM_IN_INCH)


def npi(typed: str) -> str:
    """Return the ten digits of a National Provider Identifier whose check digit fits."""
    bare = re.sub(r"^npi\W*", "", reading.text(typed, most=30), flags=re.IGNORECASE)
    digits = re.sub(r"[\s-]", "", bare)
    if not re.fullmatch(r"[12][0-9]{9}", digits):
        raise ValueError("Enter the 10 digits of the NPI; it starts with 1 or 2")
    if not _fits_luhn(NPI_PREFIX + digits):
        raise ValueError(
            "This NPI has a slip in it: its last digit does not fit the others; check each digit"
        )
    return digits


def _fits_luhn(digits: str) -> bool:
    # Every second digit from the right is doubled, and a double of two digits counts as their sum (ISO/IEC 7812).
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0


def whole(typed: str, *, low: int, high: int, what: str, units: Collection[str] = ()) -> int:
    """Return a whole number in a range, both ends included; one of its units may be typed after it.

    `what` names it in sentences, like "the PHQ-9 total".
    """
    found = _WHOLE.fullmatch(reading.text(typed, most=20))
    if not found or not low <= int(found[1]) <= high or found[2].casefold() not in {"", *units}:
        raise ValueError(f"Enter {what} as a whole number from {low} to {high}")
    return int(found[1])


def number(typed: str, *, low: float, high: float, unit: str = "") -> float:
    """Return a number in a range, both ends included; its unit may be typed after it."""
    value, unit_typed = quantity(reading.text(typed, most=20)) or (None, "")
    if value is None or not low <= value <= high or unit_typed not in {"", unit.casefold()}:
        raise ValueError(f"Enter a number from {low:g} to {high:g} {unit}".rstrip())
    return value


def phq9(total: int, *, item_9: int) -> tuple[int, int]:
    """Return both scores where they can be of one questionnaire; the total holds item 9 and eight items more."""
    if not 0 <= item_9 <= ITEM_9_MOST:
        raise ValueError(f"Enter item 9 of the PHQ-9 as a whole number from 0 to {ITEM_9_MOST}")
    most = item_9 + OTHER_ITEMS_MOST
    if not item_9 <= total <= most:
        raise ValueError(
            f"With {item_9} for item 9, the PHQ-9 total is from {item_9} to {most}; this says {total}. Check both"
        )
    return total, item_9


def blood_pressure(typed: str) -> tuple[int, int]:
    """Return systolic and diastolic pressure in mmHg, like (172, 104) of "172/104"."""
    found = _PRESSURE.fullmatch(reading.text(typed, most=30))
    if found is None:
        raise ValueError("Enter the blood pressure as two numbers, like 120/80")
    systolic, diastolic = int(found[1]), int(found[2])
    _within(systolic, SYSTOLIC_MMHG, "the first number of the blood pressure", "mmHg")
    _within(diastolic, DIASTOLIC_MMHG, "the second number of the blood pressure", "mmHg")
    if systolic <= diastolic:
        raise ValueError("The first number of the blood pressure is the larger one; check both")
    return systolic, diastolic


def weight(typed: str) -> float:
    """Return a weight in kilograms, to a tenth, read from kilograms or pounds."""
    value = _find_in(_KG_IN, reading.text(typed, most=30))
    if value is None:
        raise ValueError("Enter the weight with its unit, like 80 kg or 176 lb")
    _within(value, WEIGHT_KG, "the weight", "kg (55 to 770 lb)")
    return round(value, 1)


def height(typed: str) -> float:
    """Return a height in centimeters, to a tenth, read from centimeters, meters, feet or inches."""
    clean = reading.text(typed, most=30)
    value = _find_feet(clean) or _find_in(_CM_IN, clean)
    if value is None:
        raise ValueError("Enter the height with its unit, like 170 cm or 5 ft 7 in")
    _within(value, HEIGHT_CM, "the height", "cm (3 ft to 8 ft 2 in)")
    return round(value, 1)


def _find_feet(typed: str) -> float | None:
    found = _FEET.fullmatch(typed)
    feet, inches = (int(found[1]), int(found[2] or 0)) if found else (0, 0)
    return (12 * feet + inches) * CM_IN_INCH if found and inches < 12 else None


def _find_in(units: Mapping[str, float], typed: str) -> float | None:
    """Return a quantity in the unit that counts 1, of text whose unit is one of these; None of any other."""
    value, unit = quantity(typed) or (0.0, "")
    return value * units[unit] if unit in units else None


def quantity(typed: str) -> tuple[float, str] | None:
    """Return a number and the unit typed after it, without case and period."""
    found = _QUANTITY.fullmatch(typed)
    if found is None:
        return None
    return float(found[1].replace(",", "") + (found[2] or "")), (found[3] or "").casefold().rstrip(".")


def _within(value: float, bounds: tuple[int, int], what: str, unit: str) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise ValueError(f"Check {what}: it is from {low} to {high} {unit}")
