"""What is kept as somebody types: only what changed, never past a button, and never for a page whose session ended."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from portal.domain import intake
from portal.domain.drafts import ANSWER_MOST, is_full
from portal.domain.errors import Changed
from portal.domain.intake.table import known_names
from portal.doors.world import now, world
from portal.web import intake_draft, intake_rows, intake_showing, place_words, words
from portal.web.forms.base import BAD_REQUEST, Form

BESIDE = frozenset({"use_place", "keep_place"})
"""What a step asks beside its answers."""
CONFLICT = 409


def keep(step: str) -> ResponseReturnValue:
    """Keep what this request brings of a step and say when; with 409 or 400, only a button can save the page."""
    if not Form().validate_on_submit():
        return jsonify(saved=None), BAD_REQUEST
    groups = intake_rows.names(step)
    beginnings = tuple(f"{name}." for name in groups)
    known, anywhere = {field.name for field in intake.STEPS[step]} | BESIDE, known_names()
    typed = {
        name: value
        for name, value in request.form.items()
        if name in known or (name in anywhere and name.startswith(beginnings))
    }
    if place_words.is_for_another_text(typed, intake_draft.draft().typed):
        typed["use_place"] = ""
    endless = any(len(value) > ANSWER_MOST for value in typed.values())
    if endless or is_full({**intake_draft.draft().typed, **typed}):
        return jsonify(saved=None), CONFLICT
    try:
        intake_draft.keep_typed(typed, intake_showing.sent(groups))
    except Changed:
        return jsonify(saved=None), CONFLICT
    return jsonify(saved=f"Saved {words.clock_time(now(), world().settings.home_zone)}")
