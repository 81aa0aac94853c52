"""Clinics in words: what is not confirmed is said, never left blank and never guessed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from portal.domain import reading
from portal.domain.listings import Listing
from portal.domain.offerings import Offered, in_order
from portal.domain.routing import Treats
from portal.domain.vocabulary import CONDITION_LABELS, OFFERING_LABELS
from portal.queries.directory import Found
from portal.web import words
from portal.web.words import NBSP

MAPS = "https://www.openstreetmap.org/search"
AGES_UNKNOWN = "ages not yet confirmed by the clinic"


@dataclass(frozen=True, kw_only=True, slots=True)
class Treated:
    """One offering as a page tells it."""

    name: str
    ages: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One clinic as a page tells it; None is a fact not yet confirmed by the clinic."""

    slug: str
    name: str
    city: str
    town: str
    """Like "Nome, AK 99762"."""
    street: str | None
    phone: str | None
    phone_url: str
    hours: str | None
    website: str | None
    accepting: bool
    note: str | None
    treated: tuple[Treated, ...]
    checked: str
    source: str
    maps_url: str
    refer_url: str | None
    """None while the clinic takes no referrals here."""
    distance: str | None

    @property
    def address(self) -> str | None:
        """The whole address, on one line."""
        return f"{self.street}, {self.town}" if self.street else None

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        """What a list tells of a clinic: labels and facts."""
        return tuple((label, fact) for label, fact in self._told() if fact)

    @property
    def unknown(self) -> str:
        """The labels of what a list would tell, like "Phone and hours"."""
        labels = [label.lower() for label, fact in self._told() if not fact]
        return " and ".join(filter(None, (", ".join(labels[:-1]), *labels[-1:]))).capitalize()

    def _told(self) -> tuple[tuple[str, str | None], ...]:
        return ("Address", self.address), ("Phone", self.phone), ("Hours", self.hours)


def entry(found: Found) -> Entry:
    """Return a clinic as pages tell it."""
    listing = found.listing
    town = f"{listing.city}, {listing.state}" + (f"{NBSP}{listing.zip}" if listing.zip else "")
    return Entry(
        slug=listing.slug,
        name=listing.name,
        city=listing.city,
        town=town,
        street=listing.street,
        phone=reading.phone_words(listing.phone) if listing.phone else None,
        phone_url=f"tel:{listing.phone}",
        hours=listing.hours,
        website=listing.website,
        accepting=listing.accepting,
        note=listing.accepting_note,
        treated=tuple(_treated(offered) for offered in listing.offerings),
        checked=f"{words.long_date(listing.checked_on)}, by {listing.checked_by}",
        source=listing.source,
        maps_url=f"{MAPS}?{urlencode({'query': _address(listing)})}",
        refer_url=url_for("gate.start", clinic=listing.slug) if listing.accepting else None,
        distance=None if found.distance_km is None else words.miles(found.distance_km),
    )


def ages(treats: Treats) -> str:
    """Return "ages 18 to 80", "18 and over", or that nobody confirmed them."""
    match treats.min_age, treats.max_age:
        case None, None:
            return AGES_UNKNOWN
        case low, None:
            return f"ages {low} and over"
        case None, high:
            return f"up to age {high}"
        case low, high:
            return f"ages {low} to {high}"


def _treated(offered: Offered) -> Treated:
    return Treated(
        name=OFFERING_LABELS[offered.code],
        ages=ages(offered.treats),
        conditions=tuple(CONDITION_LABELS[condition] for condition in in_order(offered.treats.conditions)),
    )


def _address(listing: Listing) -> str:
    return ", ".join(
        filter(None, (listing.street, listing.city, f"{listing.state} {listing.zip or ''}".strip()))
    )
