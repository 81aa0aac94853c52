"""The buttons of a step beside "Continue": each changes what is typed by one explicit press, and leads back to it."""

from collections.abc import Mapping
from typing import Any

from portal.domain import intake
from portal.domain.intake import Typed
from portal.domain.intake.checklist import CONDITIONS, HOLDS
from portal.domain.intake.table import cell, is_left_over, row_count
from portal.web.forms.referral import CODE
from portal.web.intake_page import slug

FILL, USE_CODE, LEAVE_OUT = "fill_no", "use_code", "leave_out"


def pressed(step: str, typed: Typed, posted: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that a button gives, none where "Continue" was pressed."""
    if step == "checklist" and FILL in posted:
        return {name: "no" for name in HOLDS if not typed.get(name)}
    if step == "reason" and USE_CODE in posted:
        return {CODE: posted[USE_CODE]}
    if LEAVE_OUT in posted:
        return {field.name: "" for field in intake.STEPS[step] if is_left_over(field, typed)}
    return {}


def lands(typed: Typed, posted: Mapping[str, str]) -> dict[str, Any]:
    """Return where on the step a button leads, as the parts of its address; nothing where the form goes on."""
    if rows := intake.ROWS.get(posted.get("add", "")):
        number = min(row_count(typed, rows), rows.most - 1)
        return {"added": rows.name, "_anchor": cell(rows, number, rows.columns[0])}
    if rows := intake.ROWS.get(posted.get("remove", "").partition(".")[0]):
        return {"_anchor": rows.name}
    if FILL in posted:
        return {"open": slug(CONDITIONS), "_anchor": slug(CONDITIONS)}
    return {"_anchor": "main"} if LEAVE_OUT in posted else {}
