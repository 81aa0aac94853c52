"""The directory as a read model, one a process: built when its revision changed, then asked without the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from portal.domain.listings import COLUMNS, Listing
from portal.domain.nearest import NearestIndex, distance_km
from portal.domain.offerings import Offered
from portal.domain.places import Place
from portal.domain.routing import Offer, Treats
from portal.domain.vocabulary import OfferingCode
from portal.models import Clinic, Revision

REVISION = "directory"
FACTS = tuple(column for column in COLUMNS if column != "offerings")
"""The facts that stand in a clinic's own row, under the same names as in a listing."""


@dataclass(frozen=True, slots=True)
class Found:
    """One answer of a search; the distance is None while a point is not known."""

    listing: Listing
    distance_km: float | None


class Directory:
    """All clinics at one revision; never changed, so threads may share it."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        """Keep the listings by name, and index those with a point."""
        self.listings = tuple(sorted(listings, key=lambda listing: (listing.name, listing.slug)))
        self._by_slug: Mapping[str, Listing] = {listing.slug: listing for listing in self.listings}
        self._by_key = {_key(listing): listing for listing in self.listings}
        self._index = NearestIndex(
            (key, listing.lat, listing.lon)
            for key, listing in self._by_key.items()
            if listing.lat is not None and listing.lon is not None
        )

    def find(self, slug: str) -> Listing | None:
        """Return the clinic with this slug."""
        return self._by_slug.get(slug)

    def near(
        self,
        place: Place | None,
        *,
        offering: OfferingCode | None = None,
        accepting: bool | None = None,
        limit: int | None = None,
    ) -> list[Found]:
        """Return clinics nearest first by geodesic kilometres, however far, ties by name; without a place by name, accepting first.

        Clinics without a point come last. None for `offering` or `accepting` asks for nothing.
        """
        fitting = (
            found
            for found in self._in_order(place)
            if (accepting is None or found.listing.accepting is accepting)
            and (offering is None or offering in {offered.code for offered in found.listing.offerings})
        )
        return list(islice(fitting, limit))

    def offers(self, place: Place | None) -> tuple[Offer, ...]:
        """Return every clinic as routing sees it from a place; without a place no distance is known."""
        return tuple(
            Offer(
                slug=found.listing.slug,
                name=found.listing.name,
                accepting=found.listing.accepting,
                treats=_treats(found.listing.offerings),
                distance_km=found.distance_km,
            )
            for found in self._in_order(place)
        )

    def _in_order(self, place: Place | None) -> Iterator[Found]:
        if place is None:
            # Without a place to be near, a clinic that can be used comes before one that cannot.
            usable_first = sorted(self.listings, key=lambda listing: not listing.accepting)
            yield from (Found(listing, None) for listing in usable_first)
            return
        for near in self._index.nearest(place.lat, place.lon):
            yield Found(self._by_key[near.key], near.distance_km)
        yield from (Found(listing, None) for listing in self.listings if listing.lat is None)


def current(session: Session) -> Directory:
    """Return the directory as it is now, for one small query when nothing changed."""
    number = session.scalar(sa.select(Revision.number).where(Revision.name == REVISION))
    if number is None:
        return Directory(())
    kept = _KEPT.get(number)
    if kept is None:
        # Two threads may build the same one at once; both are right, and the last stays.
        kept = Directory(listing_of(clinic) for clinic in clinics(session))
        _KEPT.clear()
        _KEPT[number] = kept
    return kept


def measured(listing: Listing, place: Place | None) -> Found:
    """Return one clinic with its distance from a place, where both points are known."""
    if place is None or listing.lat is None or listing.lon is None:
        return Found(listing, None)
    return Found(listing, distance_km(place.lat, place.lon, listing.lat, listing.lon))


def get_number(session: Session, slug: str) -> int:
    """Return the number of a listed clinic: short to type, and never another clinic's."""
    return session.scalars(sa.select(Clinic.id).where(Clinic.slug == slug)).one()


def find_by_number(session: Session, number: int) -> Listing | None:
    """Return the clinic with this number."""
    slug = session.scalar(sa.select(Clinic.slug).where(Clinic.id == number))
    return current(session).find(slug) if slug else None


def clinics(session: Session) -> Sequence[Clinic]:
    """Return every clinic's row with its offerings, by slug."""
    return session.scalars(
        sa.select(Clinic).options(selectinload(Clinic.offerings)).order_by(Clinic.slug)
    ).all()


def listing_of(clinic: Clinic) -> Listing:
    """Return the listing that a clinic's row, loaded with its offerings, stands for."""
    return Listing(
        **{fact: getattr(clinic, fact) for fact in FACTS},
        offerings=tuple(
            Offered(
                code=offering.code,
                treats=Treats(
                    conditions=frozenset(offering.conditions),
                    min_age=offering.min_age,
                    max_age=offering.max_age,
                ),
            )
            for offering in sorted(clinic.offerings, key=lambda offering: offering.code)
        ),
    )


_KEPT: dict[int, Directory] = {}


def _key(listing: Listing) -> str:
    # A name holds no control characters, so this orders like (name, slug), as routing orders ties.
    return f"{listing.name}\n{listing.slug}"


def _treats(offerings: Iterable[Offered]) -> tuple[Treats, ...]:
    # Esketamine is given only where a safety certification is confirmed, and no listing records one yet.
    return tuple(offered.treats for offered in offerings if offered.code is not OfferingCode.ESKETAMINE)
