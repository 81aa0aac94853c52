"""What the practice changed after it was sent, as the page for staff shows it; nothing to who may not read answers."""

from dataclasses import dataclass

from portal.domain.amending import Change
from portal.queries.dossier import Dossier
from portal.web import change_words, words
from portal.web.change_words import ChangeLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Amended:
    """What one event changed."""

    title: str
    when: str
    lines: list[ChangeLine]
    condition: bool
    """Whether the condition is another one: it may suit another clinic."""


def of(dossier: Dossier) -> list[Amended]:
    """Return what was changed, the newest first."""
    return [
        _amended(happening.changed, words.when(happening.at, dossier.zone))
        for happening in reversed(dossier.happenings)
        if happening.changed
    ]


def _amended(changed: tuple[Change, ...], when: str) -> Amended:
    return Amended(
        title=f"Changed after it was sent: {change_words.count(changed)}",
        when=words.capital(when),
        lines=change_words.lines(changed),
        condition=any(change.name == "condition" for change in changed),
    )
