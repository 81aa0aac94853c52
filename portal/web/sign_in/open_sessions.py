"""The sessions that a member has open, and signing out of them all."""

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, logout_user

from portal.actions import sessions as acts
from portal.db import db
from portal.doors import asking, sessions
from portal.doors.entry import ACCOUNT
from portal.doors.world import now, world
from portal.queries import sessions as rows
from portal.web import words


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One open session as its member sees it."""

    browser: str
    since: str
    seen: str
    here: bool


def lines() -> list[Line]:
    """Return the open sessions of the member who asks, for `staff/sessions.html`."""
    zone, moment, here = world().settings.home_zone, now(), sessions.get().id
    return [
        Line(
            browser=found.browser or "A browser",
            since=words.when(found.signed_in_at, zone),
            seen=words.ago(moment - found.seen_at),
            here=found.id == here,
        )
        for found in rows.open_ones(db.session(), current_user.id, moment)
    ]


def end() -> ResponseReturnValue:
    """End the other sessions of the member who asks, or every one with this one."""
    everywhere = request.form.get("which") == "all"
    here = None if everywhere else sessions.get().id
    acts.end_all(current_user.id, actor=asking.member(), now=now(), but=here)
    if everywhere:
        logout_user()
        return redirect(url_for("security.login"), 303)
    flash("You are signed out everywhere else.")
    return redirect(ACCOUNT, 303)
