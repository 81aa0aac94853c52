"""Files of a referral that is not sent yet; what is refused says why, and loses neither another file nor an answer."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal.actions import files as acting
from portal.db import db
from portal.domain.files import NewFile, Refusal
from portal.doors import failures, uploaded
from portal.doors.entry import Entry, enter
from portal.doors.refusals import TooLarge
from portal.doors.uploads import FORM, only_of, takes_files
from portal.doors.world import now, world
from portal.queries import files
from portal.web import downloads, errors, file_words, intake_draft
from portal.web.file_words import Line
from portal.web.forms.base import UNPROCESSABLE, Form, keeps_typed
from portal.web.intake_draft import SEE_OTHER, draft

NONE_CHOSEN = "Choose a file first"
TOO_MUCH = "These files are more than 50 MB together, so none of them came in. Add a few at a time"

bp = intake_draft.guard(Blueprint("attaching", __name__))


@bp.errorhandler(TooLarge)
@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    if request.mimetype != FORM:
        # It brought no files, so they are not what was too much.
        return errors.page(failures.sort(error))
    # A page that answers so much is easily cut off; this one is asked for anew.
    return redirect(url_for("attaching.show", draft=g.draft_name, much="yes"), SEE_OTHER)


@bp.get("/refer/<draft>/files")
@enter(Entry.DRAFT_KEY)
def show() -> ResponseReturnValue:
    return _show(Form(), trouble=TOO_MUCH if "much" in request.args else "")


@bp.post("/refer/<draft>/files")
@only_of(intake_draft.is_held)
@takes_files
@keeps_typed
@enter(Entry.DRAFT_KEY)
def add() -> ResponseReturnValue:
    form = Form()
    if not form.validate_on_submit():
        return _show(form), form.refusal
    sent = uploaded.chosen()
    if not sent:
        return _show(form, trouble=NONE_CHOSEN), UNPROCESSABLE
    refused = uploaded.keep_each(sent, _keep)
    if refused:
        # Their names may be a patient's: they stand in this answer, and in no address and no cookie.
        return _show(form, refused=refused), UNPROCESSABLE
    return redirect(url_for("attaching.show"), SEE_OTHER)


@bp.post("/refer/<draft>/files/<name>/remove")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def remove(name: str) -> ResponseReturnValue:
    form = Form()
    if not form.validate_on_submit():
        return _show(form), form.refusal
    acting.remove_from_draft(draft().key, name, now=now(), keep_for=_keep_for())
    return redirect(url_for("attaching.show"), SEE_OTHER)


@bp.get("/refer/<draft>/files/<name>")
@enter(Entry.DRAFT_KEY)
def download(name: str) -> ResponseReturnValue:
    return downloads.answer(files.get_of_draft(db.session(), draft().id, name))


def lines() -> list[Line]:
    """Return the files of this request's draft, as any page of the form may list them."""
    return [
        file_words.line(
            kept,
            open_url=url_for("attaching.download", name=kept.name),
            remove_url=url_for("attaching.remove", name=kept.name),
        )
        for kept in files.of_draft(db.session(), draft().id)
    ]


def _keep(new: NewFile) -> None:
    acting.add_to_draft(draft().key, new, now=now(), keep_for=_keep_for())


def _keep_for() -> timedelta:
    return timedelta(days=world().settings.draft_days)


def _show(form: Form, *, refused: Sequence[Refusal] = (), trouble: str = "") -> str:
    return render_template(
        "intake/files.html",
        form=form,
        files=lines(),
        refused=refused,
        trouble=trouble,
        back_url=url_for("intake.resume"),
    )
