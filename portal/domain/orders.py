"""Who acts, and what they ask for: the values that doors hand to actions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.domain import reading, reasons
from portal.domain.access import Permission, Role
from portal.domain.audit import NOWHERE, Source
from portal.domain.drafts import Draft
from portal.domain.errors import Unfit
from portal.domain.files import NewFile
from portal.domain.lifecycle import RULES, Move, Need
from portal.domain.places import Place
from portal.domain.routing import Offer

WORDS_MOST = 4000


class ActorKind(StrEnum):
    """What sort of somebody acts."""

    MEMBER = "member"
    REFERRER = "referrer"
    API = "api"
    SYSTEM = "system"
    """A job of the portal, like "retention", or an operator at the shell."""
    STRANGER = "stranger"
    """Nobody who is known; the id is empty."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member's id, the id of a status key or of an API key, or "form" for a referral sent by it."""

    kind: ActorKind
    id: int | str
    source: Source = NOWHERE

    def __str__(self) -> str:
        """Return it as events keep it, like "member:7"."""
        return f"{self.kind}:{self.id}".rstrip(":")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What routing stands on: the place as it was understood (None: nobody could), and every clinic's offer."""

    place: Place | None
    offers: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """How a referral came in, so that sending it twice makes one."""

    key_digest: str
    body_digest: str
    actor: Actor
    draft: Draft | None = None
    """The form it was typed in, as it was shown when it was sent."""
    holds: frozenset[str] = frozenset()
    """References of the referrals whose keys the sender holds and whose patient they know: only of these is a
    duplicate told."""
    separate: bool = False
    """Whether the sender said that this is another referral, and not one that they sent before."""
    shown: int | None = None
    """For answers that replace all of a referral's: the number of the last change that the sender was shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What the referrer gets: the reference, and the key of the status link with the id of its row."""

    reference: str
    status_key: str
    status_key_id: int
    again: bool = False
    """Whether it was filed before, by an earlier send of the same."""
    added: bool = False
    """Whether the answers were added to a referral that was there."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What a system is told, as `queries.replies` writes it; empty for a person, who has pages."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Once:
    """The key that a system sends a move under, so that it is made once, and what the system is told of it."""

    key_digest: str
    body_digest: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A move that somebody asks for, with the version of the referral they looked at."""

    reference: str
    move: Move
    version: int | None
    """None where nothing was looked at: a system adds to what there is, whatever that is by now."""
    words: str = ""
    code: str = ""
    clinic: str = ""
    """Slug of the clinic to transfer to."""
    files: tuple[NewFile, ...] = ()
    """What comes with it."""
    once: Once | None = None
    """For a system: a key that has had its answer moves nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """Somebody who shall work here; without a clinic, in the whole network."""

    email: str
    name: str
    role: Role
    clinic: str | None
    """Slug of the clinic."""


def check(order: Order, held: Collection[Permission]) -> None:
    """Raise Unfit naming every answer the move needs and does not have; names are `words`, `code`, `clinic`."""
    needs, wrong = RULES[order.move].needs, {}
    if Need.CODE in needs and order.code not in reasons.choices(order.move, held):
        wrong["code"] = "Choose a reason"
    if Need.CLINIC in needs and not order.clinic:
        wrong["clinic"] = "Choose the clinic it goes to"
    if Need.WORDS in needs and (order.words.strip() or not order.files):
        try:
            reading.text(order.words, most=WORDS_MOST, lines=True)
        except ValueError as problem:
            wrong["words"] = str(problem)
    if wrong:
        raise Unfit(wrong)
