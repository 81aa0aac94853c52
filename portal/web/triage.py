"""The queue, and a referral's page with exactly the moves that this member may make now."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal.actions import moves, status_links
from portal.db import db
from portal.domain import access
from portal.domain import queue as asked
from portal.domain import reference as references
from portal.domain.access import Permission
from portal.domain.errors import NotAllowed, NotFound, NotTaken, Refused, Stale, Unfit
from portal.domain.lifecycle import RULES, Move
from portal.doors import asking, noting, sessions, uploaded
from portal.doors.entry import Entry, enter
from portal.doors.refusals import TooLarge
from portal.doors.uploads import takes_files
from portal.doors.world import now, site, world
from portal.queries import dossier as dossiers
from portal.queries import queue as rows
from portal.queries.dossier import Dossier
from portal.web import queue_words, triage_filters, triage_page
from portal.web.forms.base import UNPROCESSABLE, keeps_typed
from portal.web.forms.tracking import TOO_MUCH
from portal.web.forms.triage import MoveForm, move_form
from portal.web.staff import need, viewer, workplace
from portal.web.triage_page import Attempt

bp = Blueprint("triage", __name__)

# Written as a converter, so that a verb the table does not know is no address.
MOVE = f"<any({','.join(RULES)}):move>"
NOT_FOUND = 404
LINK_RENEWED = "A new link is on its way to the practice, and every older one has ended."
TOO_LATE = "This cannot be done any more."
STATUS: dict[type[Exception], int] = {Stale: 409, Refused: 409, NotAllowed: 403}


@bp.get("/staff/queue")
@enter(Entry.MEMBER)
def queue() -> str:
    need(Permission.READ_REFERRALS)
    moment, filters = now(), triage_filters.read(request.args)
    page = rows.page(
        db.session(),
        viewer=viewer(),
        filters=filters,
        after=asked.read_cursor(request.args.get("after", "")),
        now=moment,
    )
    noting.listed(
        asking.member(),
        page="queue",
        referral_ids=[row.id for row in page.rows],
        filters=triage_filters.write(_known(filters, page)),
    )
    return render_template(
        "staff/queue.html",
        page=page,
        lines=[queue_words.line(row, moment) for row in page.rows],
        **triage_filters.shown(filters, page),
        conditions=access.anywhere(viewer().memberships, Permission.READ_CLINICAL),
        workplace=workplace(),
    )


def _known(filters: asked.Filters, page: asked.Page) -> asked.Filters:
    """Return the filters without what names no clinic here: any text can stand in an address."""
    return replace(filters, clinic=filters.clinic & {tally.clinic for tally in page.tallies})


@bp.get("/staff/referrals/<reference>")
@enter(Entry.MEMBER)
def referral(reference: str) -> str:
    return triage_page.show(_get(reference))


@bp.get(f"/staff/referrals/<reference>/{MOVE}")
@enter(Entry.MEMBER)
def ask_for(reference: str, move: str) -> ResponseReturnValue:
    # Typed before the session ended: whatever became of the referral meanwhile, it stays on the page.
    typed = sessions.typed_before()
    try:
        return _ask_for(_get(reference), Move(move), typed is not None)
    except NotFound:
        if typed is None:
            raise
        return triage_page.show_gone(typed.get("words", "")), NOT_FOUND


def _ask_for(dossier: Dossier, move: Move, typed: bool) -> ResponseReturnValue:
    attempt = Attempt(move=move, form=_form(dossier, move))
    attempt.form.trouble = TOO_MUCH if "much" in request.args else ""
    if triage_page.has_form(dossier, move):
        return triage_page.show(dossier, attempt)
    if typed:
        return triage_page.show(dossier, replace(attempt, refused=Refused(TOO_LATE)))
    return redirect(url_for("triage.referral", reference=dossier.referral.reference))


@bp.post(f"/staff/referrals/<reference>/{MOVE}")
@takes_files
@keeps_typed
@enter(Entry.MEMBER)
def make(reference: str, move: str) -> ResponseReturnValue:
    try:
        return _make(reference, Move(move))
    except NotFound:
        # Also a referral that a colleague sent elsewhere meanwhile: it is as unknown here as one that never was.
        return triage_page.show_gone(request.form.get("words", "")), NOT_FOUND


@bp.errorhandler(TooLarge)
@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    # A page that answers so much is easily cut off; this one is asked for anew.
    return redirect(url_for("triage.ask_for", **(request.view_args or {}), much="yes"), 303)


@bp.post("/staff/referrals/<reference>/link")
@enter(Entry.MEMBER)
def renew_link(reference: str) -> ResponseReturnValue:
    code = _get(reference).referral.reference
    with noting.refusals(asking.member(), asked="link", reference=code):
        status_links.renew(code, actor=asking.member(), keys=world().keys, site=site(), now=now())
    flash(LINK_RENEWED)
    return redirect(url_for("triage.referral", reference=code), 303)


def _make(reference: str, move: Move) -> ResponseReturnValue:
    dossier = _get(reference)
    form = _form(dossier, move)
    if not form.validate_on_submit():
        return triage_page.show(dossier, Attempt(move=move, form=form)), form.refusal
    files, form.refused = uploaded.gather() if RULES[move].takes_files else ((), [])
    try:
        with noting.refusals(asking.member(), asked=move, reference=dossier.referral.reference):
            moves.make(
                form.order(dossier.referral.reference, move, files),
                actor=asking.member(),
                now=now(),
                ground=triage_page.ground(dossier) if move is Move.TRANSFER else None,
            )
    except (Unfit, NotTaken) as wrong:
        form.refuse(wrong)
        return triage_page.show(dossier, Attempt(move=move, form=form)), UNPROCESSABLE
    except (Stale, Refused, NotAllowed) as refused:
        attempt = Attempt(move=move, form=form, refused=refused, seen=form.seen)
        return _refused(reference, attempt), STATUS[type(refused)]
    flash(triage_page.DONE[move].format(reference=dossier.referral.reference))
    if form.refused:
        # Their names may be a patient's: they stand in this answer, and in no address and no cookie.
        return triage_page.show(_get_anew(reference), refused=form.refused), UNPROCESSABLE
    if move is Move.TRANSFER:
        return redirect(url_for("triage.queue"), 303)
    return redirect(url_for("triage.referral", reference=dossier.referral.reference), 303)


def _refused(reference: str, attempt: Attempt) -> str:
    dossier = _get_anew(reference)
    attempt.form.version.data = str(dossier.referral.version)
    return triage_page.show(dossier, attempt)


def _get_anew(reference: str) -> Dossier:
    # What this request read before is older than what it did, or than what refused it.
    db.session.rollback()
    return _get(reference)


def _get(reference: str) -> Dossier:
    """Return the dossier behind a reference as typed; raise NotFound alike for none and for another clinic's."""
    code = references.read(reference)
    if code is None:
        raise NotFound
    with noting.refusals(asking.member(), asked="referral", reference=code):
        return dossiers.get(db.session(), code, viewer(), now())


def _form(dossier: Dossier, move: Move) -> MoveForm:
    return move_form(move, held=dossier.held, version=dossier.referral.version)
