"""Where a patient will be, asked back in words until one place is meant; the portal never picks for the person."""

from collections.abc import Mapping

from portal.domain.places import Ambiguous, Located, NotFound, Place

EXAMPLES = "Type a town with its state, like Bethel, AK, a village or a ZIP code"
GUESSES_MOST = 4


def settle(located: Located, picked: str) -> Located:
    """Return the candidate that was picked by its key, or what was located; a pick for another name counts for nothing."""
    if not isinstance(located, Ambiguous):
        return located
    return next((place for place in located.candidates if place.key == picked), located)


def is_for_another_text(typed: Mapping[str, str], kept: Mapping[str, str]) -> bool:
    """Tell whether the place is typed anew: what was picked of several was picked for the text that is kept."""
    before = kept.get("patient.place", "")
    return typed.get("patient.place", before) != before


def candidates(located: Located | None) -> tuple[Place, ...]:
    """Return the places to pick from; of mere guesses only the likeliest."""
    if not isinstance(located, Ambiguous):
        return ()
    return located.candidates if located.exact else located.candidates[:GUESSES_MOST]


def is_exact(located: Located | None) -> bool:
    """Tell whether the places to pick from bear the very name that was typed."""
    return isinstance(located, Ambiguous) and located.exact


def problem(located: Ambiguous | NotFound) -> str:
    """Return what to do about a place that is not one place yet."""
    if isinstance(located, NotFound):
        return f"{located.typed} is not known here. {EXAMPLES}, or keep it as typed."
    if located.exact:
        return f"There is more than one {located.typed}. Choose which one is meant."
    return f"We could not find {located.typed}. Did you mean {located.candidates[0].label}?"


def understood(place: Place) -> str:
    """Return "Bethel, Alaska (town)"."""
    return f"{place.label} ({place.kind})"
