"""The session of a member in this browser: the cookie carries its key, the database says whether it still stands.

Whoever asks for `current_user` is told of a member only while the session stands, whatever the cookie says.
"""

from functools import partial
from typing import Any

from flask import Flask, Request, g, request, session
from flask_login import user_logged_out
from flask_security import current_user, user_authenticated
from werkzeug.datastructures import MultiDict

from portal import vault
from portal.actions import sessions
from portal.db import db
from portal.domain import sessions as rules
from portal.domain.orders import Actor, ActorKind
from portal.domain.sessions import SignIn, Standing
from portal.doors import asking
from portal.doors.world import now
from portal.queries import sessions as kept_sessions

KEY = "member_session"
PROVED_AT = "fs_paa"
# What the sign-in libraries keep in the cookie. The rest is anybody's, and stays: the token of forms, opened referrals.
SIGN_IN_PARTS = ("_user_id", "_fresh", "_id", PROVED_AT, "fs_gexp", "identity.name", "identity.auth_type")
REFRESH = "X-Refresh"
"""A page that asks for news by itself sends `X-Refresh: yes`; that does not keep anybody signed in."""


def init_app(app: Flask) -> None:
    """Let a session begin with every sign-in, end with every sign-out, and stand before every member."""
    members: Any = app.login_manager  # type: ignore[attr-defined]
    members.user_loader(partial(_load, members.user_callback))
    user_authenticated.connect(_start, app)
    user_logged_out.connect(_end, app)


def find() -> SignIn | None:
    """Return the session whose key this browser holds, whether or not it still stands."""
    if "member_session" not in g:
        key = session.get(KEY)
        g.member_session = kept_sessions.find(db.session(), vault.digest(key)) if key else None
    found: SignIn | None = g.member_session
    return found


def standing() -> Standing | None:
    """Return how the session of this browser stands; None where there is none."""
    found = find()
    return found.standing(now()) if found else None


def get() -> SignIn:
    """Return the session of the member who asks."""
    found = find()
    if found is None:
        raise LookupError("nobody is signed in")
    return found


def is_fresh() -> bool:
    """Tell whether the member who asks proved who they are a short while ago."""
    return get().is_fresh(now())


def prove() -> None:
    """Note that the member who asks has just proved again who they are."""
    sessions.renew(get().id, now=now(), proved=True)
    session[PROVED_AT] = now().timestamp()
    g.pop("member_session", None)


def note_seen() -> None:
    """Keep the session of the member who asks from going idle, unless the page asks by itself."""
    found = get()
    if request.headers.get(REFRESH) != "yes" and now() - found.seen_at >= rules.SEEN_EVERY:
        sessions.renew(found.id, now=now())


def drop() -> None:
    """Take the sign-in out of the cookie; the key stays, which opens nothing any more, for what is typed to be kept."""
    for part in SIGN_IN_PARTS:
        session.pop(part, None)


def leave() -> None:
    """End the session of this browser for good, whether or not it still stands."""
    key = session.pop(KEY, None)
    found = find()
    if key and found:
        actor = Actor(ActorKind.MEMBER, found.member_id, asking.source())
        sessions.end(vault.digest(key), actor=actor, now=now())
    g.pop("member_session", None)


def keep_typed(asked: Request) -> bool:
    """Keep a form that came too late, when its own page can show it again; tell whether something is kept."""
    found = find()
    typed = rules.keep(asked.path, asked.form.items(multi=True))
    if found is None or typed is None:
        return False
    sessions.keep(found.id, typed=typed)
    return True


def typed_before() -> MultiDict[str, str] | None:
    """Return what was typed on this page when its session had ended, for its form to be filled in again."""
    found = find()
    if request.method != "GET" or found is None or not found.keeps or not current_user.is_authenticated:
        return None
    kept = kept_sessions.find_kept(db.session(), found.id)
    return MultiDict(kept.fields) if kept and kept.path == request.path else None


def forget_typed() -> None:
    """Forget what was kept of a form once it is sent."""
    found = get()
    if not found.keeps:
        return
    kept = kept_sessions.find_kept(db.session(), found.id)
    if kept and kept.path == request.path:
        sessions.keep(found.id, typed=None)


def _load(load: Any, user_id: str) -> Any:
    found = find()
    if found is None or found.standing(now()) is not Standing.OPEN:
        return None
    member = load(user_id)
    return member if member and member.id == found.member_id else None


def _start(_app: Flask, user: Any, authn_via: list[str] | None = None, **_rest: object) -> None:
    earlier = session.get(KEY)
    session[KEY] = sessions.start(
        Actor(ActorKind.MEMBER, user.id, asking.source()),
        browser=rules.name_browser(request.user_agent.string),
        earlier=vault.digest(earlier) if earlier else "",
        now=now(),
        how=authn_via or (),
    )
    g.pop("member_session", None)


def _end(_app: Flask, **_rest: object) -> None:
    leave()
