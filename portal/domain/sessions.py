"""How long a member stays signed in, and what is kept of what they typed when that time is over; pure rules.

Sources: OWASP ASVS 5.0 7.3.1, 7.3.2 and 7.5.1, 45 CFR 164.312(a)(2)(iii), NIST SP 800-63B-4 2.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IDLE_AFTER = timedelta(minutes=15)
OVER_AFTER = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=10)
"""How long ago somebody may have proved who they are, to do what is sensitive."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is noted when somebody was last seen."""
KEPT_CHARS_MOST = 20_000
KEPT_FOR = timedelta(hours=24)
"""From the sign-in on; what nobody came back for is forgotten."""
SECRETS = ("password", "passcode", "token", "credential")
"""A form with a field named like these is not kept at all."""
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


class Standing(StrEnum):
    """Whether a session still lets its member in."""

    OPEN = "open"
    IDLE = "idle"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """One session of a member, as it is in the database."""

    id: int
    member_id: int
    signed_in_at: datetime
    seen_at: datetime
    proved_at: datetime
    ended_at: datetime | None
    browser: str
    keeps: bool
    """Whether something typed is kept in it."""

    def standing(self, now: datetime) -> Standing:
        """Return whether it lets its member in; once it does not, it never does again."""
        if self.ended_at is not None:
            return Standing.ENDED
        if now - self.signed_in_at >= OVER_AFTER:
            return Standing.OVER
        return Standing.IDLE if now - self.seen_at >= IDLE_AFTER else Standing.OPEN

    def is_fresh(self, now: datetime) -> bool:
        """Tell whether the member proved who they are a short while ago."""
        return now - self.proved_at < FRESH_FOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What was typed on one page when its session had ended: the page's path, and the fields by name."""

    path: str
    fields: tuple[tuple[str, str], ...]


def keep(path: str, fields: Iterable[tuple[str, str]]) -> Kept | None:
    """Return what is kept of a form; None when it is empty, holds a secret, or is larger than a person types."""
    found = tuple((name, text) for name, text in fields if name != "csrf_token" and text)
    if any(secret in name for name, _ in found for secret in SECRETS):
        return None
    size = sum(len(name) + len(text) for name, text in found)
    return Kept(path=path, fields=found) if found and size <= KEPT_CHARS_MOST else None


def name_browser(user_agent: str) -> str:
    """Return roughly which browser it is, like "Firefox on Windows", or "" when that cannot be told."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if browser and system else browser or system
