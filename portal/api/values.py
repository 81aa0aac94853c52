"""A JSON value as somebody would have typed it; the domain's readers say what is right, here only what is of a kind."""

import math

from portal.domain.intake import Control, Field
from portal.domain.safety import NO, YES

NOT_TEXT = "Send text"
NOT_A_TICK = "Send true or false"


def text(field: Field, value: object) -> str:
    """Return a value as typed: true is "yes", 14.0 is "14"; raise ValueError where it is of no kind for the field."""
    if field.control is Control.TICK:
        return _tick(value)
    if isinstance(value, bool):
        return _yes_or_no(field, value=value)
    if isinstance(value, float):
        return _number(field, value)
    if not isinstance(value, str):
        raise ValueError(NOT_TEXT)
    return _chosen(field, value) if field.choices else value


def takes_booleans(field: Field) -> bool:
    """Tell whether true and false answer a question."""
    return field.control is not Control.TICK and {YES, NO} <= set(field.choices or ())


def _tick(value: object) -> str:
    if not isinstance(value, bool):
        raise ValueError(NOT_A_TICK)
    return YES if value else NO


def _yes_or_no(field: Field, *, value: bool) -> str:
    if not takes_booleans(field):
        raise ValueError(NOT_TEXT)
    return YES if value else NO


def _number(field: Field, value: float) -> str:
    if field.control is not Control.NUMBER:
        raise ValueError(NOT_TEXT)
    # JSON does not tell 14.0 from 14, and what is not finite stands in no JSON but in some writers of it.
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)


def _chosen(field: Field, said: str) -> str:
    """Return the choice that is meant, also by its words; anything else as it is, for the reader to refuse."""
    clean = said.strip().casefold()
    choices = field.choices or {}
    return next(
        (value for value, words in choices.items() if clean in {value.casefold(), words.casefold()}), said
    )
