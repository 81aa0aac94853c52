"""Listings come in all or not at all, and what is the same stays untouched."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions.clinics import Counts, import_listings
from portal.db import db
from portal.domain.listings import Listing
from portal.domain.offerings import read as offered
from portal.models import Clinic, Offering, Revision
from portal.queries import directory
from tests.cast import ANCHORAGE


def listed() -> list[Listing]:
    db.session.rollback()
    return list(directory.current(db.session()).listings)


def anchorage() -> Listing:
    return next(listing for listing in listed() if listing.slug == ANCHORAGE)


def revision() -> int | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Revision.number))


def test_the_same_listings_again_change_nothing(app: Flask) -> None:
    before = revision()
    assert import_listings(listed()) == Counts(added=0, changed=0, unchanged=3)
    assert revision() == before


def test_a_new_clinic_is_added_and_the_others_stay(app: Flask) -> None:
    before, known = revision(), listed()
    new = replace(anchorage(), slug="ketwell-alaska-nome", name="Ketwell Alaska, Nome")
    assert import_listings([new]) == Counts(added=1, changed=0, unchanged=0)
    assert revision() != before
    assert {listing.slug for listing in listed()} == {listing.slug for listing in known} | {new.slug}


def test_a_changed_fact_changes_its_clinic_alone(app: Flask) -> None:
    before = revision()
    changed = replace(anchorage(), phone="+19075550142", accepting=False, lat=None, lon=None)
    others = [listing for listing in listed() if listing.slug != ANCHORAGE]
    assert import_listings([changed, *others]) == Counts(added=0, changed=1, unchanged=2)
    assert revision() != before
    assert anchorage() == changed


@pytest.mark.parametrize(
    "cell",
    ["", "mood 18-80: mdd", "pain: crps; mood 21-: ptsd mdd", "esketamine: trd; mood: mdd; pain: crps"],
)
def test_offerings_are_added_changed_and_taken_away(app: Flask, cell: str) -> None:
    import_listings([replace(anchorage(), offerings=offered(cell))])
    assert anchorage().offerings == offered(cell)


def test_an_offering_that_stays_keeps_its_row(app: Flask) -> None:
    rows = sa.select(Offering.id).join(Clinic).where(Clinic.slug == ANCHORAGE, Offering.code == "mood")
    before = db.session.scalar(rows)
    import_listings([replace(anchorage(), offerings=offered("mood 18-65: mdd"))])
    db.session.rollback()
    assert db.session.scalar(rows) == before


def test_a_clinic_keeps_its_row(app: Flask) -> None:
    rows = sa.select(Clinic.id).where(Clinic.slug == ANCHORAGE)
    before = db.session.scalar(rows)
    import_listings([replace(anchorage(), name="Ketwell Alaska, Midtown")])
    db.session.rollback()
    assert db.session.scalar(rows) == before


def test_an_import_that_breaks_off_changes_nothing(app: Flask) -> None:
    before, known = revision(), listed()

    def broken() -> Iterator[Listing]:
        yield replace(known[0], name="Changed")
        yield replace(known[1], slug="new-clinic")
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="disk"):
        import_listings(broken())
    assert revision() == before
    assert listed() == known


def test_counts_are_told_in_words() -> None:
    counts = Counts(added=1200, changed=0, unchanged=3)
    assert str(counts) == "Clinics: 1,200 added, 0 changed, 3 unchanged."
