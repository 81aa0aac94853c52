"""What the practice that sent a referral says on its page: answers, notes, and that it shall end or go on after all."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal.actions import moves
from portal.domain import safety
from portal.domain.errors import NotAllowed, NotFound, NotTaken, Refused, Stale, Unfit
from portal.domain.lifecycle import RULES, Move
from portal.domain.orders import Order
from portal.doors import asking, noting, uploaded
from portal.doors.entry import Entry, enter
from portal.doors.refusals import TooLarge
from portal.doors.uploads import takes_files
from portal.doors.world import now
from portal.queries import rules
from portal.web import opened, tracking
from portal.web.forms.base import UNPROCESSABLE, keeps_typed
from portal.web.forms.tracking import TOO_MUCH, AddForm, AnswerForm, CancelForm, MoveForm, WithdrawForm
from portal.web.tracking import SEE_OTHER

CONFLICT = 409
CRISIS = (
    "It is kept, and nobody reads it right away. Words in it can mean that somebody is in danger: for danger now call "
    "911, for thoughts of suicide call or text 988."
)
DONE = {
    Move.ANSWER: "Your answer is sent.",
    Move.KEEP: "The referral goes on.",
    Move.ADD: "What you added is sent.",
    Move.WITHDRAW: "The referral is withdrawn.",
    Move.ASK_TO_CANCEL: "The clinic knows that you ask to cancel.",
}
FORMS: dict[Move, type[MoveForm]] = {
    Move.ANSWER: AnswerForm,
    Move.KEEP: AnswerForm,
    Move.ADD: AddForm,
    Move.WITHDRAW: WithdrawForm,
    Move.ASK_TO_CANCEL: CancelForm,
}
ON_STATUS_PAGE = frozenset({Move.ANSWER, Move.KEEP})
"""Moves whose buttons stand on the status page; the others ask on a page of their own."""
VERB = f"<any({','.join(FORMS)}):verb>"
OWN_PAGE = f"<any({','.join(move for move in FORMS if move not in ON_STATUS_PAGE)}):verb>"

bp = Blueprint("conversation", __name__)
bp.register_error_handler(NotFound, tracking.unknown)


@bp.get(f"/r/<reference>/{OWN_PAGE}")
@enter(Entry.STATUS_KEY)
def ask_for(reference: str, verb: str) -> ResponseReturnValue:
    move = Move(verb)
    opened.get_key_id(reference)
    form = FORMS[move]()
    form.trouble = TOO_MUCH if "much" in request.args else ""
    return _show(reference, move, form)


@bp.post(f"/r/<reference>/{VERB}")
@takes_files
@keeps_typed
@enter(Entry.STATUS_KEY)
def make(reference: str, verb: str) -> ResponseReturnValue:
    move = Move(verb)
    form = FORMS[move]()
    trouble = _make(reference, move, form)
    if trouble is not None:
        return _show(reference, move, form), trouble
    if form.refused:
        # Their names may be a patient's: they stand in this answer, and in no address and no cookie.
        return _show(reference, move, _anew(move, form)), UNPROCESSABLE
    flash(DONE[move])
    if safety.find_words((form.words.data or "",), rules.get_triage().crisis_words):
        flash(CRISIS, "lost")
    return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)


@bp.errorhandler(TooLarge)
@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    # A page that answers so much is easily cut off; this one is asked for anew.
    values = dict(request.view_args or {})
    if Move(values["verb"]) in ON_STATUS_PAGE:
        return redirect(url_for("tracking.status", reference=values["reference"], much="yes"), SEE_OTHER)
    return redirect(url_for("conversation.ask_for", **values, much="yes"), SEE_OTHER)


def _make(reference: str, move: Move, form: MoveForm) -> int | None:
    """Make a move for whoever holds the key; return None, or the status of the answer that shows the form again."""
    actor = asking.referrer(opened.get_key_id(reference))
    if not form.validate_on_submit():
        return form.refusal
    files, form.refused = uploaded.gather() if RULES[move].takes_files else ((), [])
    order = Order(reference=reference, move=move, version=form.seen, words=form.words.data or "", files=files)
    try:
        with noting.refusals(actor, asked=move, reference=reference):
            moves.make(order, actor=actor, now=now())
    except (Unfit, NotTaken) as wrong:
        form.refuse(wrong)
        return form.refusal
    except (Stale, Refused, NotAllowed):
        return CONFLICT
    return None


def _anew(move: Move, sent: MoveForm) -> MoveForm:
    """Return the form empty, with the files of the last one that were not taken."""
    form = FORMS[move](formdata=None)
    form.refused, form.done = sent.refused, True
    return form


def _show(reference: str, move: Move, form: MoveForm) -> str:
    page = "status" if move in ON_STATUS_PAGE else move.value
    return render_template(f"tracking/{page}.html", **tracking.read(reference, form, page))
