"""A referral as it is taken in: its fields, its rows, and the one way to read them."""

from portal.domain.intake.checks import problems, step_problems
from portal.domain.intake.field import Control, Field, Known, Rows, Typed
from portal.domain.intake.referral import (
    NewReferral,
    Patient,
    Referrer,
    as_typed,
    check_stops,
    is_minor,
    read,
    texts,
)
from portal.domain.intake.table import FIELDS, GATE, REQUIRED, ROWS, STEP_ROWS, STEPS

__all__ = [
    "FIELDS",
    "GATE",
    "REQUIRED",
    "ROWS",
    "STEPS",
    "STEP_ROWS",
    "Control",
    "Field",
    "Known",
    "NewReferral",
    "Patient",
    "Referrer",
    "Rows",
    "Typed",
    "as_typed",
    "check_stops",
    "is_minor",
    "problems",
    "read",
    "step_problems",
    "texts",
]
