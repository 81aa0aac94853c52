"""What happened to a referral, in words; each reader has a table of sentences, and the rest is shared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.domain import reasons
from portal.domain.lifecycle import Move
from portal.domain.orders import ActorKind
from portal.queries.tracking import Happening
from portal.web import change_words, words
from portal.web.file_words import Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a timeline, as `parts/timeline.html` places it."""

    title: str
    detail: str
    when_words: str
    when_iso: str
    files: Sequence[Line] = ()
    """What came with it."""


Say = Callable[[Happening], str]
ByEvent = Mapping[int, Sequence[Line]]
"""The files that came with each event, by its id."""
NO_FILES: ByEvent = {}


def newest_first(
    happenings: Sequence[Happening], *, title: Say, zone: str, files: ByEvent = NO_FILES
) -> list[Entry]:
    """Return the entries of a timeline, each with the title that a reader's `title` gives it."""
    return [
        Entry(
            title=title(happening),
            detail=detail(happening),
            when_words=words.when(happening.at, zone),
            when_iso=happening.at.isoformat(timespec="seconds"),
            files=files.get(happening.event_id, ()),
        )
        for happening in reversed(happenings)
    ]


def detail(happening: Happening) -> str:
    """Return the coded reason and the words that were written with a move."""
    reason = reasons.ALL.get(happening.code or "", "")
    return ". ".join(part for part in (reason, happening.words) if part)


def for_referrer(happenings: Sequence[Happening], *, zone: str, files: ByEvent) -> list[Entry]:
    """Return the timeline as the practice that refers reads it."""
    return newest_first(happenings, title=_to_referrer, zone=zone, files=files)


def changes(happenings: Iterable[Happening]) -> list[str]:
    """Return what happened meanwhile, as sentences for somebody who was writing."""
    return [f"{_to_referrer(happening)}." for happening in happenings]


def _to_referrer(happening: Happening) -> str:
    own = happening.by is not ActorKind.MEMBER
    if own and happening.changed:
        return f"You changed {change_words.count(happening.changed)}"
    table = _BY_REFERRER if own and happening.move in _BY_REFERRER else _BY_CLINIC
    said = table[happening.move].format(to=happening.to_clinic, start=happening.from_clinic)
    # "the network's intake team" may stand first.
    return said[0].upper() + said[1:]


_BY_REFERRER = {
    Move.ANSWER: "You answered",
    Move.ADD: "You added something",
    Move.WITHDRAW: "You withdrew the referral",
    Move.ASK_TO_CANCEL: "You asked to cancel it",
    Move.KEEP: "You took the wish to cancel back",
}
_BY_CLINIC = {
    Move.SUBMIT: "Sent to {to}",
    Move.CLAIM: "{to} began to read it",
    Move.RELEASE: "It went back to the queue of {to}",
    Move.ACCEPT: "{to} accepted it for consultation",
    Move.DECLINE: "{to} declined it",
    Move.TRANSFER: "{start} transferred it to {to}",
    Move.ASK: "{to} asked you a question",
    Move.ANSWER: "{to} wrote your answer down",
    Move.ADD: "{to} wrote down what you added",
    Move.WRITE: "{to} wrote to you",
    Move.WITHDRAW: "{to} withdrew it for the patient",
    Move.ASK_TO_CANCEL: "{to} wrote down a wish to cancel it",
    Move.CONFIRM_CANCEL: "{to} cancelled it",
    Move.KEEP: "{to} keeps it going",
}
