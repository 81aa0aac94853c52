"""The answer to a search in words: the place that was understood, what is asked back, what was not found."""

from dataclasses import dataclass

from flask import url_for

from portal.domain.places import Ambiguous, Located, NotFound, Place
from portal.domain.vocabulary import OFFERING_LABELS
from portal.web.forms.search import FEWEST, MOST, Search
from portal.web.words import NBSP

EXAMPLES = "Try a town with its state, like Bethel, AK, a village, or a ZIP code, like 99559."
FILTERS = {
    "offering": (("", "Any consultation"), *((code.value, label) for code, label in OFFERING_LABELS.items())),
    "accepting": (
        ("", "Accepting or not"),
        ("yes", "Accepting referrals here"),
        ("no", "Not accepting here"),
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One place to choose."""

    label: str
    kind: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What stands above the list."""

    title: str
    place: Place | None = None
    kind: str = ""
    """What sort of place was understood, like "Town, ZIP code 99559."."""
    problem: str | None = None
    choices: tuple[Choice, ...] = ()
    forgets: bool = False
    """True when the page's address holds what may be a street that nobody understood."""


def said(asked: Search, located: Located | None) -> Said:
    """Return what to say of a search."""
    match located:
        case Place():
            return Said(title=f"Clinics near {located.label}", place=located, kind=_kind(located))
        case Ambiguous(exact=True):
            title = f"Which {located.typed}?" if located.typed else "Which of these places?"
            return Said(title=title, choices=choices(asked, located.candidates))
        case Ambiguous():
            return Said(
                title="Did you mean one of these?"
                if len(located.candidates) > 1
                else "Did you mean this place?",
                problem=f"We could not find “{located.typed}”.",
                choices=choices(asked, located.candidates),
                forgets=_may_be_a_street(located.typed),
            )
        case NotFound():
            return Said(
                title="We could not find that place",
                problem=f"“{located.typed}” is in none of our tables. {EXAMPLES}",
                forgets=_may_be_a_street(located.typed),
            )
    return Said(title="All clinics")


def choices(asked: Search, places: tuple[Place, ...]) -> tuple[Choice, ...]:
    """Return places as links that keep the filters."""
    kept = asked.filters() | ({"shortened": 1} if asked.shortened else {})
    return tuple(
        Choice(
            label=place.label,
            kind=place.kind,
            url=url_for("directory.clinics", near=place.key, **kept),
        )
        for place in places
    )


def more_url(asked: Search) -> str | None:
    """Return the address that shows more clinics, from the first new one on."""
    if asked.show >= MOST:
        return None
    kept = asked.filters() | ({"near": asked.near} if asked.near else {})
    return url_for("directory.clinics", **kept, show=asked.show + FEWEST, _anchor=f"clinic-{asked.show + 1}")


def _may_be_a_street(typed: str) -> bool:
    return any(char.isdigit() for char in typed)


def _kind(place: Place) -> str:
    kind = place.kind[:1].upper() + place.kind[1:]
    return f"{kind}, ZIP code{NBSP}{place.zip}." if place.zip and place.zip not in place.label else f"{kind}."
