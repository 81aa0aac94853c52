"""Places as a geocoder answers them; a place always says how exactly it is known, and from what."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Precision(StrEnum):
    """How exactly a point is known, from best to least."""

    POINT = "point"
    STREET = "street"
    ZIP = "zip"
    TOWN = "town"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One understood place. `lat` and `lon` are WGS84 degrees; `key` is text that finds this very place again."""

    label: str
    """What a person reads, like "Bethel, Alaska"; a ZIP's label ends in the ZIP, "Anchorage, Alaska 99503"."""
    lat: float
    lon: float
    precision: Precision
    source: str
    """Which table or provider answered, like "gazetteer 2026-11"."""
    key: str
    """Safe to stand in a URL: a ZIP, or a town with its state ("Bethel, AK"), or a rounded "61.22,-149.90". Never a street."""
    kind: str = "town"
    """What it is called in words: "town", "village", "city", "ZIP code area", "your location"."""
    zip: str | None = None
    """The place's main ZIP where known."""
    state: str | None = None
    """Two-letter state."""
    shortened: bool = False
    """True when something more exact was typed (a street address) and only this part was used."""


def read(kept: Mapping[str, Any]) -> Place | None:
    """Return the place that was kept with a referral; nothing was kept where nobody understood it."""
    return Place(**{**kept, "precision": Precision(kept["precision"])}) if kept else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """A name that means several places (or none, with likely ones): the person picks, the portal never does."""

    typed: str
    candidates: tuple[Place, ...]
    """Most likely first, at most ten."""
    exact: bool
    """True when every candidate bears the typed name; False when they are "did you mean" guesses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotFound:
    """A text that no table knows."""

    typed: str


Located = Place | Ambiguous | NotFound
