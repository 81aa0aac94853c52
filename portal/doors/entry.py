"""Every route declares who may enter; the application refuses to start while one does not."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import ParamSpec, TypeVar

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

P = ParamSpec("P")
R = TypeVar("R")


class Entry(StrEnum):
    """Who may enter a route."""

    PUBLIC = "public"
    MEMBER = "member"
    """A member who is signed in; what they may see and do there is checked in the query and the action."""
    STATUS_KEY = "status key"
    """Whoever holds the key of this referral; checked by the route."""
    DRAFT_KEY = "draft key"
    """Whoever holds the key of this draft; checked by the route."""
    API_KEY = "API key"
    """A system with a bearer key; checked by the route."""


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
    def _ask_for_sign_in() -> ResponseReturnValue | None:
        if request.endpoint is None or entry_of(app, request.endpoint) is not Entry.MEMBER:
            return None
        if current_user.is_authenticated:
            return None
        # After a POST there is nothing to go back to but the page it was made on.
        back = request.path if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))
