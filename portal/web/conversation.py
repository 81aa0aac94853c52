"""What the practice that sent a referral says on its page: answers, notes, and that it shall end or go on after all."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.actions import moves
from portal.domain.errors import NotAllowed, NotFound, Refused, Stale, Unfit
from portal.domain.lifecycle import Move
from portal.domain.orders import Order
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.web import opened, tracking
from portal.web.forms.base import keeps_typed
from portal.web.forms.tracking import AddForm, AnswerForm, CancelForm, MoveForm, WithdrawForm
from portal.web.tracking import SEE_OTHER

CONFLICT = 409
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
    return _show(reference, move, FORMS[move]())


@bp.post(f"/r/<reference>/{VERB}")
@keeps_typed
@enter(Entry.STATUS_KEY)
def make(reference: str, verb: str) -> ResponseReturnValue:
    move = Move(verb)
    form = FORMS[move]()
    trouble = _make(reference, move, form)
    if trouble is None:
        return redirect(url_for("tracking.status", reference=reference), SEE_OTHER)
    return _show(reference, move, form), trouble


def _make(reference: str, move: Move, form: MoveForm) -> int | None:
    """Make a move for whoever holds the key; return None, or the status of the answer that shows the form again."""
    actor = asking.referrer(opened.get_key_id(reference))
    if not form.validate_on_submit():
        return form.refusal
    order = Order(reference=reference, move=move, version=form.seen, words=form.words.data or "")
    try:
        with noting.refusals(actor, asked=move, reference=reference):
            moves.make(order, actor=actor, now=now())
    except Unfit as unfit:
        form.refuse(unfit)
        return form.refusal
    except (Stale, Refused, NotAllowed):
        return CONFLICT
    return None


def _show(reference: str, move: Move, form: MoveForm) -> str:
    page = "status" if move in ON_STATUS_PAGE else move.value
    return render_template(f"tracking/{page}.html", **tracking.read(reference, form, page))
