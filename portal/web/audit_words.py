"""The trail in words: who did what, to which referral, from where; codes that nobody has words for stay readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.audit import Act
from portal.domain.lifecycle import RULES, Move
from portal.domain.orders import ActorKind
from portal.queries.audit import Line
from portal.queries.looks import Looks
from portal.web import words

ACTS: dict[Act, str] = {
    Act.LISTED: "Saw a list",
    Act.LOOKED: "Opened a referral",
    Act.MOVED: "Moved a referral",
    Act.CALLED: "Called the patient",
    Act.LINK_RENEWED: "Had a new link sent to the practice",
    Act.STOP_CLOSED: "Saw to a safety stop",
    Act.EXPORTED: "Exported",
    Act.BROKE_GLASS: "Opened in an emergency",
    Act.SIGNED_IN: "Signed in",
    Act.SIGN_IN_FAILED: "Sign-in failed",
    Act.SIGNED_OUT: "Signed out",
    Act.REFUSED: "Was refused",
    Act.MEMBER_CHANGED: "Changed a member",
    Act.KEYS_CHANGED: "Changed keys",
    Act.BACKED_UP: "Made a backup",
    Act.RESTORED: "Restored a backup",
    Act.FILE_REMOVED: "Removed a harmful file",
    Act.REMOVED: "Removed what was old",
}
KINDS: dict[ActorKind, str] = {
    ActorKind.MEMBER: "A member",
    ActorKind.REFERRER: "The practice that sent it",
    ActorKind.API: "A system",
    ActorKind.SYSTEM: "The portal",
    ActorKind.STRANGER: "Somebody not known",
}
PAGES = {
    "queue": "the queue",
    "outbox": "who is not told",
    "find": "a search",
    "stops": "safety stops",
    "stop": "one safety stop",
    "emergencies": "emergencies",
    "audit": "the audit log",
    "file": "a file of it",
    "files": "which files it was sent",
    "referral": "its page",
    "status": "its status page",
    "withdraw": "the form to withdraw it",
    "add": "the form to add to it",
    "ask_to_cancel": "the form to ask for its end",
    "receipt": "its receipt",
    "summary": "its summary",
    "travel": "its travel sheet",
}
BUTTONS = {move.value: rule.button for move, rule in RULES.items()} | {Move.SUBMIT.value: "Send"}
SAID = frozenset({"page", "move", "referrals"})
"""Facts that have words of their own."""
NAMES = {"asked": "asked for", "how": "by"}
UNSEEN = frozenset({"digest", "event"})
"""Facts for machines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One entry as the page places it."""

    when: str
    who: str
    did: str
    detail: str
    reference: str
    clinic: str
    source: str


def line(entry: Line, zone: str) -> Shown:
    """Return an entry in words."""
    return Shown(
        when=f"{_day(entry.at.astimezone(ZoneInfo(zone)).date())}, {words.clock_time(entry.at, zone)}",
        who=who(entry),
        did=ACTS[entry.act],
        detail=", ".join(_details(entry)),
        reference=entry.reference or "",
        clinic=entry.clinic or "",
        source=", request ".join(part for part in (entry.address, entry.request_id) if part),
    )


def who(entry: Line) -> str:
    """Return who acted: by name, or by what is known of them."""
    kind, _, name = entry.actor.partition(":")
    known = KINDS[ActorKind(kind)]
    if kind == ActorKind.SYSTEM:
        return f"{known}: {name}"
    return entry.member or entry.system or known


def _details(entry: Line) -> list[str]:
    said = [f"to {entry.whom}"] if entry.whom else []
    if "page" in entry.facts:
        said.append(_page(str(entry.facts["page"])))
    if "move" in entry.facts:
        said.append(BUTTONS.get(entry.facts["move"], str(entry.facts["move"])))
    if "referrals" in entry.facts and entry.facts.get("page") != "audit":
        count = len(entry.facts["referrals"])
        said.append(f"{count} {'referral' if count == 1 else 'referrals'}")
    return [*said, *_others(entry.facts)]


def _others(facts: Mapping[str, Any]) -> list[str]:
    told = {name: value for name, value in facts.items() if name not in SAID | UNSEEN and value}
    return [
        f"{NAMES.get(name, name.replace('_', ' '))}: {_plain(value, name)}" for name, value in told.items()
    ]


def _plain(value: Any, name: str) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{part} {_plain(each, part)}" for part, each in value.items())
    if isinstance(value, list):
        # Of a filter's values any one fits; of the ways that were gone through, all were.
        return (" and " if name == "how" else " or ").join(str(part) for part in value)
    return str(value).replace("_", " ")


def _page(code: str) -> str:
    return PAGES.get(code) or (f"the form “{BUTTONS[code]}”" if code in BUTTONS else code)


def _day(day: date) -> str:
    # The trail goes back for years.
    return words.day(day, year=True)


def looks(found: Looks, zone: str) -> dict[str, str]:
    """Return one line of "who looked"."""
    roles = ", ".join(dict.fromkeys(role.label for role in found.roles))
    times = f"{found.count} times, last at" if found.count > 1 else "at"
    return {
        "who": found.name or KINDS[found.kind],
        "role": words.capital(roles),
        "when": f"{_day(found.day)}, {times} {words.clock_time(found.last_at, zone)}",
    }
