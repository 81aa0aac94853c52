"""Go on later: a form is kept for its days, and a private link opens it in any browser; its key is in no other address."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import vault
from portal.actions import drafts, sign_in_tries
from portal.db import db
from portal.domain import reading
from portal.domain.back_off import Counted, TooSoon
from portal.domain.drafts import Started
from portal.doors import asking
from portal.doors.entry import Entry, enter
from portal.doors.world import now, site
from portal.queries import drafts as rows
from portal.web import intake_draft
from portal.web.forms.base import keeps_typed
from portal.web.forms.later import LaterForm
from portal.web.intake_draft import SEE_OTHER, draft

GONE, TOO_MANY = 404, 429
READ_ALONG = "Opened by a private link: whoever sent you this link reads what you type here."
TOO_OFTEN = "A link went to this address a moment ago. Look into your mail, or try again later."

bp = intake_draft.guard(Blueprint("later", __name__))


@bp.get("/d/<key>")
@enter(Entry.DRAFT_KEY)
def open_link(key: str) -> ResponseReturnValue:
    found = rows.find_linked(db.session(), vault.digest(key), now())
    if found is None:
        return render_template("intake/gone.html"), GONE
    if found.sent:
        return render_template("intake/sent.html")
    flash(READ_ALONG, "told")
    response = redirect(url_for("intake.resume", draft=found.name), SEE_OTHER)
    intake_draft.hand_key(response, Started(name=found.name, key=key))
    return response


@bp.get("/refer/<draft>/later")
@enter(Entry.DRAFT_KEY)
def show() -> ResponseReturnValue:
    return _show(LaterForm(data={"email": draft().typed.get("referrer.email", "")}))


@bp.post("/refer/<draft>/later")
@keeps_typed
@enter(Entry.DRAFT_KEY)
def mail_link() -> ResponseReturnValue:
    form = LaterForm()
    if not form.validate_on_submit():
        return _show(form), form.refusal
    try:
        _mail(reading.email(form.email.data or ""))
    except ValueError as problem:
        form.email.errors = [str(problem)]
        return _show(form), form.refusal
    except TooSoon:
        form.email.errors = [TOO_OFTEN]
        return _show(form), TOO_MANY
    flash("The link is on its way. Look among unwanted mail too.")
    return redirect(url_for("later.show"), SEE_OTHER)


def _mail(to: str) -> None:
    # Whoever has a draft may name any address: nobody is sent more than a few.
    sign_in_tries.begin(to, asking.source().address, now=now(), counted=Counted.LETTER)
    drafts.mail_link(draft().key, link=intake_draft.link(), to=to, site=site(), now=now())


@bp.post("/refer/<draft>/discard")
@enter(Entry.DRAFT_KEY)
def discard() -> ResponseReturnValue:
    drafts.discard(draft().key)
    flash("The draft and all answers are deleted.")
    response = redirect(url_for("gate.start"), SEE_OTHER)
    intake_draft.drop_key(response, draft().key.name)
    return response


def _show(form: LaterForm) -> str:
    return render_template(
        "intake/later.html", form=form, link=intake_draft.link(), kept_until=intake_draft.last_day()
    )
