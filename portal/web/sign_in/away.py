"""What is told to members whose session ended by itself: why, and that nothing they typed is lost."""

from datetime import timedelta

from flask import Flask

from portal.domain.sessions import IDLE_AFTER, Standing
from portal.doors import sessions
from portal.doors.entry import ACCOUNT

WHY = {
    Standing.IDLE: "Nothing happened here for fifteen minutes.",
    Standing.OVER: "Twelve hours are over since you signed in.",
}
KEPT = "What you typed is kept: sign in, and it is filled in again."


def init_app(app: Flask) -> None:
    """Give templates the sentences, whether a form is filled in with what was typed, and what time there is."""
    app.jinja_env.globals.update(
        signed_out_because=signed_out_because,
        typed_before=lambda: sessions.typed_before() is not None,
        account_url=ACCOUNT,
        idle_minutes=IDLE_AFTER // timedelta(minutes=1),
    )


def signed_out_because() -> str:
    """Return why this browser's member has to sign in again; nothing when they did not before."""
    found, standing = sessions.find(), sessions.standing()
    if found is None or standing not in WHY:
        return ""
    return f"{WHY[standing]} {KEPT}" if found.keeps else WHY[standing]
