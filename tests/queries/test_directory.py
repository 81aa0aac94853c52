"""The directory as pages, the API and routing ask it: in order, however far, and never old."""

from dataclasses import replace
from pathlib import Path
from threading import Thread

import sqlalchemy as sa
from flask import Flask

from portal.actions.clinics import import_listings
from portal.cli import clinics
from portal.cli.seed import SEEDS
from portal.db import db
from portal.domain.listings import Listing
from portal.domain.places import Place
from portal.domain.vocabulary import OfferingCode
from portal.queries import directory
from portal.queries.directory import Directory, Found
from tests.build import ANCHORAGE_PLACE, FAIRBANKS_PLACE
from tests.cast import ANCHORAGE, FAIRBANKS

DAYDREAM = "daydream-md-san-diego"
EXAMPLES = Path(SEEDS / "example-network.csv")
BETHEL = replace(FAIRBANKS_PLACE, label="Bethel, Alaska", lat=60.7922, lon=-161.7558, key="Bethel, AK")


def current() -> Directory:
    return directory.current(db.session())


def slugs(found: list[Found]) -> list[str]:
    return [each.listing.slug for each in found]


def known(slug: str) -> Listing:
    found = current().find(slug)
    assert found is not None
    return found


def test_the_nearest_clinic_comes_first(app: Flask) -> None:
    assert slugs(current().near(FAIRBANKS_PLACE)) == [FAIRBANKS, ANCHORAGE, DAYDREAM]
    assert slugs(current().near(BETHEL)) == [ANCHORAGE, FAIRBANKS, DAYDREAM]


def test_distances_are_kilometres_from_the_place(app: Flask) -> None:
    nearest, *_ = current().near(BETHEL)
    assert nearest.distance_km is not None
    assert 640 < nearest.distance_km < 646
    assert directory.measured(nearest.listing, BETHEL) == nearest


def test_without_a_place_clinics_that_accept_come_first_then_by_name(app: Flask) -> None:
    found = current().near(None)
    assert slugs(found) == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    assert {each.distance_km for each in found} == {None}


def test_a_clinic_without_a_point_comes_last_and_without_a_distance(app: Flask) -> None:
    import_listings([replace(known(FAIRBANKS), lat=None, lon=None)])
    found = current().near(FAIRBANKS_PLACE)
    assert slugs(found) == [ANCHORAGE, DAYDREAM, FAIRBANKS]
    assert found[-1].distance_km is None
    assert directory.measured(found[-1].listing, FAIRBANKS_PLACE).distance_km is None


def test_clinics_at_one_spot_come_by_name(app: Flask) -> None:
    here = known(FAIRBANKS)
    import_listings([replace(here, slug="zz", name="Aurora"), replace(here, slug="aa", name="Boreal")])
    assert slugs(current().near(FAIRBANKS_PLACE))[:3] == ["zz", "aa", FAIRBANKS]


def test_only_what_is_asked_for_is_found_however_far(app: Flask) -> None:
    clinics.load(EXAMPLES)
    assert DAYDREAM not in slugs(current().near(None, accepting=True))
    assert set(slugs(current().near(None, accepting=False))) == {
        DAYDREAM,
        "example-rose-city-infusions-portland",
    }
    nearest, *_ = current().near(BETHEL, offering=OfferingCode.ESKETAMINE, accepting=True)
    assert nearest.listing.slug == "example-kenai-psychiatry-soldotna"


def test_no_more_are_given_than_are_wanted(app: Flask) -> None:
    assert slugs(current().near(FAIRBANKS_PLACE, limit=1)) == [FAIRBANKS]


def test_a_slug_finds_its_clinic_or_none(app: Flask) -> None:
    assert known(ANCHORAGE).city == "Anchorage"
    assert current().find("ketwell-alaska-nome") is None


def test_offers_are_every_clinic_with_its_distance(app: Flask) -> None:
    offers = current().offers(ANCHORAGE_PLACE)
    assert [offer.slug for offer in offers] == [ANCHORAGE, FAIRBANKS, DAYDREAM]
    assert [offer.accepting for offer in offers] == [True, True, False]
    assert [len(offer.treats) for offer in offers] == [2, 2, 0]
    assert all(offer.distance_km is not None for offer in offers)


def test_offers_without_a_place_have_no_distance(app: Flask) -> None:
    assert {offer.distance_km for offer in current().offers(None)} == {None}


def test_an_offer_leaves_out_what_needs_a_certification_nobody_recorded(app: Flask) -> None:
    clinics.load(EXAMPLES)
    kenai = next(offer for offer in current().offers(None) if "kenai" in offer.slug)
    assert kenai.treats == ()


def test_the_directory_stays_the_same_until_something_changes(app: Flask) -> None:
    first = current()
    assert current() is first
    import_listings([replace(known(ANCHORAGE), hours="Monday to Friday, 8 am to 4 pm")])
    db.session.rollback()
    assert known(ANCHORAGE).hours == "Monday to Friday, 8 am to 4 pm"
    assert first.find(ANCHORAGE) != known(ANCHORAGE)


def test_a_directory_that_is_known_costs_one_query(app: Flask) -> None:
    current()
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        current().near(FAIRBANKS_PLACE)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1
    assert "revisions" in asked[0]


def test_without_any_import_the_directory_is_empty(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM revisions"))
    assert current().listings == ()
    assert current().near(FAIRBANKS_PLACE) == []


def test_threads_that_ask_while_it_changes_always_get_a_whole_directory(app: Flask) -> None:
    answers: list[list[str]] = []

    def ask(place: Place) -> None:
        with app.app_context():
            answers.extend(slugs(current().near(place)) for _ in range(10))

    threads = [Thread(target=ask, args=(FAIRBANKS_PLACE,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for hour in range(5):
        import_listings([replace(known(ANCHORAGE), hours=f"From {hour} am")])
        db.session.rollback()
    for thread in threads:
        thread.join()
    assert len(answers) == 40
    assert {tuple(answer) for answer in answers} == {(FAIRBANKS, ANCHORAGE, DAYDREAM)}
