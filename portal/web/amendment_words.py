"""What the practice changed after it was sent, as the page for staff shows it; nothing to who may not read answers."""

from dataclasses import dataclass

from portal.queries.dossier import Dossier
from portal.queries.tracking import Happening
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
        _amended(happening, dossier.zone) for happening in reversed(dossier.happenings) if happening.changed
    ]


def _amended(happening: Happening, zone: str) -> Amended:
    changed = happening.changed
    return Amended(
        title=f"Changed after it was sent: {change_words.count(changed)}",
        when=words.capital(words.when(happening.at, zone)),
        lines=change_words.lines(changed, zone),
        condition=any(change.name == "condition" for change in changed),
    )
