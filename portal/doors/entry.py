"""Every route declares who may enter; the application refuses to start while one does not."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import StrEnum
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from portal.domain.sessions import Standing
from portal.doors import sessions

P = ParamSpec("P")
R = TypeVar("R")


class Entry(StrEnum):
    """Who may enter a route."""

    PUBLIC = "public"
    MEMBER = "member"
    """A member who is signed in; what they may see and do there is checked in the query and the action."""
    FRESH_MEMBER = "fresh member"
    """A member who proved within ten minutes who they are, for what is sensitive; else they are asked again."""
    FIRST_FACTOR = "first factor"
    """Whoever gave a member's password a few minutes ago, and no second factor yet; checked by the route."""
    MAILED_LINK = "mailed link"
    """Whoever holds the link to a new password that was mailed to them; checked by the route."""
    STATUS_KEY = "status key"
    """Whoever holds the key of this referral; checked by the route."""
    DRAFT_KEY = "draft key"
    """Whoever holds the key of this draft; checked by the route."""
    API_KEY = "API key"
    """A system with a bearer key; checked by the route."""


MEMBERS = frozenset({Entry.MEMBER, Entry.FRESH_MEMBER})
SIGN_IN, SIGN_OUT, VERIFY = "security.login", "security.logout", "security.verify"
LOST = "lost"
"""The kind of message that says something is gone."""
ACCOUNT = "/staff/account"
"""Where those come back to who were asked again over a button that has no page of its own."""


def enter(entry: Entry) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who may enter a view; stands directly above the function."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.entry = entry  # type: ignore[attr-defined]
        return view

    return declare


def entry_of(app: Flask, endpoint: str) -> Entry | None:
    """Return what a route declares, or None."""
    return getattr(app.view_functions[endpoint], "entry", None)


def undeclared(app: Flask) -> Iterable[str]:
    """Return the endpoints that declare nothing."""
    return sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if entry_of(app, rule.endpoint) is None}
    )


def guard(app: Flask) -> None:
    """Refuse to start with an undeclared route, and send strangers at a member's route to sign in."""
    missing = undeclared(app)
    if missing:
        raise RuntimeError(f"these routes do not declare who may enter: {', '.join(missing)}")

    @app.before_request
    def _let_in() -> ResponseReturnValue | None:
        declared = entry_of(app, request.endpoint) if request.endpoint else None
        if declared not in MEMBERS:
            return None
        if not current_user.is_authenticated:
            return _ask_for_sign_in()
        sessions.note_seen()
        if declared is Entry.FRESH_MEMBER and not sessions.is_fresh():
            _keep_typed()
            return redirect(url_for(VERIFY, next=_way_back() or ACCOUNT))
        if request.method == "POST":
            sessions.forget_typed()
        return None


def _ask_for_sign_in() -> ResponseReturnValue:
    sessions.drop()
    if request.endpoint == SIGN_OUT:
        sessions.leave()
        return redirect("/")
    if sessions.standing() in {Standing.IDLE, Standing.OVER}:
        _keep_typed()
    elif request.form:
        flash("You are signed out. What you typed was not sent and is not kept: go back to copy it.", LOST)
    return redirect(url_for(SIGN_IN, next=_way_back()))


def _keep_typed() -> None:
    # The forms of sign-in hold passwords and codes, which are kept nowhere.
    if request.method == "POST" and request.blueprint != "security" and _way_back():
        with suppress(ValidationError):
            # What another site wrote is not put before a member as their own words.
            validate_csrf(request.form.get("csrf_token"))
            sessions.keep_typed(request)


def _way_back() -> str | None:
    """Return the page that was asked for, or that shows the form that was sent; None where there is no such page."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    pages = current_app.create_url_adapter(request)
    return request.path if pages and pages.test(request.path, method="GET") else None
