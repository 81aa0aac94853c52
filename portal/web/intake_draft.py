"""Which draft a request is about: its name stands in the address, its key in a cookie, and both must fit.

Every route of a guarded blueprint passes `_enter`: a stopped draft leads to the crisis page and a sent one to its
receipt, for whoever sent it, whatever is asked of it. A danger that can be kept nowhere is answered first.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal import vault
from portal.actions import drafts as acting
from portal.db import db
from portal.domain import showings
from portal.domain.drafts import Draft, DraftKey, Started
from portal.domain.errors import Changed, NotFound, PortalError, Replayed
from portal.domain.intake import Known
from portal.domain.safety import Said
from portal.domain.showings import NO_SHOWING, Showing
from portal.doors.world import now, world
from portal.queries import drafts, rules
from portal.web import danger_first, intake_alarm, intake_sent, intake_showing, opened, words, written

SEE_OTHER = 303
HELD_MOST = 40
"""Each costs a question to the database; a browser that brings more cookies is not asked about all of them."""
OPEN_WHILE_STOPPED = frozenset(
    {
        "gate.stopped",
        "gate.again",
        "gate.answer_again",
        "gate.assessed",
        "gate.attest",
        "later.show",
        "later.mail_link",
        "later.discard",
    }
)


def guard(bp: Blueprint) -> Blueprint:
    """Let every route of a blueprint find its draft, or be answered in its place."""
    bp.url_value_preprocessor(_take_name)
    bp.url_defaults(_give_name)
    bp.before_request(_enter)
    bp.before_request(danger_first.check_token)
    bp.after_request(_renew_key)
    bp.context_processor(_saved)
    bp.register_error_handler(NotFound, _changed_meanwhile)
    bp.register_error_handler(Changed, _changed_meanwhile)
    bp.register_error_handler(Replayed, _changed_meanwhile)
    return bp


def _take_name(_endpoint: str | None, values: dict[str, str] | None) -> None:
    g.draft, g.saved = None, False
    g.draft_name = values.pop("draft", None) if values else None


def _give_name(endpoint: str, values: dict[str, str]) -> None:
    if g.get("draft_name") and current_app.url_map.is_endpoint_expecting(endpoint, "draft"):
        values.setdefault("draft", g.draft_name)


def _enter() -> ResponseReturnValue | None:
    if g.draft_name is None:
        return None
    found = _find(g.draft_name)
    if found is None:
        return danger_first.find_page() or _answer_stranger(g.draft_name)
    if found.reference:
        return danger_first.find_page() or drop_key(intake_sent.lead_on(found, found.reference), g.draft_name)
    if found.amends and not opened.is_proven(found.amends):
        # It shows what was sent, so it opens to whoever that referral opens to, and to nobody once its links ended.
        return danger_first.find_page() or redirect(
            url_for("amending.begin", reference=found.amends), SEE_OTHER
        )
    if found.stops(now()) and request.endpoint not in OPEN_WHILE_STOPPED:
        return redirect(url_for("gate.stopped"), SEE_OTHER)
    g.draft = found
    return None


def _changed_meanwhile(_error: PortalError) -> ResponseReturnValue:
    # Another tab sent, deleted or changed the draft while this request was on its way; a fresh look says which.
    db.session.rollback()
    return _enter() or redirect(url_for("intake.resume"), SEE_OTHER)


def _saved() -> dict[str, object]:
    if g.draft is None:
        return {}
    # A step that comes back as the answer to its own form shows what was not kept.
    is_saved = g.saved or request.method == "GET" or not intake_showing.is_of_step()
    saved = words.clock_time(draft().saved_at, world().settings.home_zone)
    return {
        "is_saved": is_saved,
        "is_step": intake_showing.is_of_step(),
        "saved_words": f"Saved {saved}" if is_saved else "Not saved yet: press Continue",
        "finish_later_url": url_for("later.show"),
        "showing": intake_showing.shown(draft().typed),
    }


def draft() -> Draft:
    """Return the draft of this request."""
    found: Draft = g.draft
    return found


def keep(typed: Mapping[str, str], instead_of: Collection[str] = ()) -> bool:
    """Save a step over what was kept, whole rows instead of others; raise NotFound when another tab sent the draft.

    Tell whether all is kept just so: what another tab saved meanwhile is not erased, and stands beside it.
    """
    alarm = intake_alarm.of({**draft().answers, **typed})
    showing = intake_showing.sent(instead_of)
    moment, replaced = now(), showings.replaces(draft().typed, typed, showing)
    kept = acting.save(
        draft().key, typed=typed, showing=showing, now=moment, keep_for=keep_for(), alarm=alarm
    )
    g.draft = replace(
        draft(), typed=kept.typed, safety=kept.safety, saved_at=moment, expires_at=moment + keep_for()
    )
    g.saved = True
    return not replaced and showings.holds(draft().typed, typed, showing)


def keep_typed(typed: Mapping[str, str], showing: Showing = NO_SHOWING) -> None:
    """Save what is being typed; nothing in it stops the form yet. Raise NotFound as `keep` does, and Changed."""
    acting.keep_typed(draft().key, typed=typed, showing=showing, now=now(), keep_for=keep_for())
    g.saved = True


def say(said: Said) -> None:
    """Save further safety answers; raise NotFound as `keep` does, and Changed as `drafts.say`."""
    alarm = intake_alarm.of({**draft().answers, **said.answers})
    acting.say(draft().key, said=said, seen=draft().safety, keep_for=keep_for(), alarm=alarm)
    _look_again()


def _look_again() -> None:
    found = drafts.find(db.session(), draft().key, now())
    if found is None:
        raise NotFound
    g.draft, g.saved = found, True


def keep_for() -> timedelta:
    """Return how long a draft is kept after it was last saved."""
    return timedelta(days=world().settings.draft_days)


def last_day() -> str:
    """Return the day until which the draft of this request is kept, in words."""
    return words.day(rules.local_day(draft().expires_at), year=True)


def today() -> date:
    """Return the day that ages are counted to; the same as when the referral is filed."""
    return rules.local_day(now())


def known() -> Known:
    """Return what answers are read against now."""
    return rules.known(now())


def to_receipt(reference: str, status_key_id: int) -> Response:
    """Open a referral in the browser that sent it, drop its draft's key, and go to the receipt."""
    return drop_key(intake_sent.open_receipt(reference, status_key_id), g.draft_name)


def to_status(reference: str) -> Response:
    """Drop the key of a draft that was added to a referral, and go to that referral's page."""
    return drop_key(intake_sent.to_status(reference), g.draft_name)


def hand_key(response: Response, started: Started) -> None:
    """Give the key of a new draft to the browser."""
    response.set_cookie(
        _cookie(started.name),
        started.key,
        max_age=keep_for(),
        httponly=True,
        secure=_secure(),
        samesite="Lax",
    )


def _renew_key(response: Response) -> Response:
    # The draft is kept anew from each save, and so is its key; but a key that was just taken back stays away.
    if g.saved and not any(_cookie(g.draft_name) in sent for sent in response.headers.getlist("Set-Cookie")):
        hand_key(response, Started(name=g.draft_name, key=request.cookies[_cookie(g.draft_name)]))
    return response


def link() -> str:
    """Return the private link that opens the draft of this request in any browser."""
    key = request.cookies[_cookie(draft().key.name)]
    return f"{world().settings.public_url.rstrip('/')}{url_for('later.open_link', key=key)}"


def drop_key(response: Response, name: str) -> Response:
    """Take a draft's key back: whoever sits here next finds nothing. Return the response."""
    response.delete_cookie(_cookie(name), httponly=True, secure=_secure(), samesite="Lax")
    return response


def held() -> list[Draft]:
    """Return the drafts with answers that this browser holds keys of, last saved first; a sent one has none."""
    prefix = _cookie("")
    names = [cookie.removeprefix(prefix) for cookie in request.cookies if cookie.startswith(prefix)]
    found = [held for held in map(_find, names[:HELD_MOST]) if held and held.has_answers]
    return sorted(found, key=lambda held: held.saved_at, reverse=True)


def is_held(name: str) -> bool:
    """Tell whether this request brings the key of a draft that is kept."""
    return _find(name) is not None


def _find(name: str) -> Draft | None:
    key = request.cookies.get(_cookie(name))
    # A name is letters and digits; anything else is not worth a question to the database.
    if key is None or not name.isalnum():
        return None
    return drafts.find(db.session(), DraftKey(name=name, digest=vault.digest(key)), now())


def _answer_stranger(name: str) -> ResponseReturnValue:
    # The draft was sent from this browser and its key taken back: "send" pressed again finds the receipt.
    reference = drafts.find_reference(db.session(), name) if name.isalnum() else None
    if reference and opened.find_key_id(reference):
        return redirect(url_for("tracking.receipt", reference=reference), SEE_OTHER)
    return render_template("intake/gone.html", written=written.answers()), 404


def _cookie(name: str) -> str:
    return f"{'__Host-' if _secure() else ''}draft-{name}"


def _secure() -> bool:
    return world().settings.secure
