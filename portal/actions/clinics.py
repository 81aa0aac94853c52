"""Bring listings into the directory, all of them or none; the same listings again change nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import SystemRandom

from sqlalchemy.orm import Session

from portal.db import write
from portal.domain.listings import Listing
from portal.domain.offerings import Offered, in_order
from portal.models import Clinic, Offering, Revision
from portal.queries import directory

_CHANCE = SystemRandom()
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What an import did."""

    added: int
    changed: int
    unchanged: int

    def __str__(self) -> str:
        return f"Clinics: {self.added:,} added, {self.changed:,} changed, {self.unchanged:,} unchanged."


def import_listings(listings: Iterable[Listing]) -> Counts:
    """Add and change clinics by slug, each named once; a clinic that is not named stays as it is."""
    with write() as session:
        revision = session.get(Revision, directory.REVISION, with_for_update=True)
        rows = {clinic.slug: clinic for clinic in directory.clinics(session)}
        done = Counter(_bring(session, rows.get(listing.slug), listing) for listing in listings)
        counts = Counts(added=done["added"], changed=done["changed"], unchanged=done["unchanged"])
        if counts.added or counts.changed:
            session.add(_bumped(revision))
    return counts


def _bring(session: Session, clinic: Clinic | None, listing: Listing) -> str:
    if clinic is None:
        session.add(_filled(Clinic(offerings=[]), listing))
        return "added"
    if directory.listing_of(clinic) == listing:
        return "unchanged"
    _filled(clinic, listing)
    return "changed"


def _filled(clinic: Clinic, listing: Listing) -> Clinic:
    for fact in directory.FACTS:
        setattr(clinic, fact, getattr(listing, fact))
    # An offering that stays keeps its row: a new one beside it would break the rule of one a code.
    rows = {offering.code: offering for offering in clinic.offerings}
    clinic.offerings = [
        _offering(rows.get(offered.code) or Offering(code=offered.code), offered)
        for offered in listing.offerings
    ]
    return clinic


def _offering(row: Offering, offered: Offered) -> Offering:
    row.min_age, row.max_age = offered.treats.min_age, offered.treats.max_age
    row.condition_codes = " ".join(in_order(offered.treats.conditions))
    return row


def _bumped(revision: Revision | None) -> Revision:
    # Drawn and not counted: a database restored under running processes must not look like one they know.
    revision = revision or Revision(name=directory.REVISION)
    revision.number = _CHANCE.randint(1, _LARGEST_NUMBER)
    return revision
