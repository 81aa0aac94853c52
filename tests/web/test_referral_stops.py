"""A stop of a form that was to change a referral is told on both pages, and one that is closed takes no more words."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.actions import safety_stops
from portal.db import db, write
from portal.domain.lifecycle import Move
from portal.models import Letter, SafetyEvent
from tests.build import NOW, move, stored
from tests.cast import ANCHORAGE, Cast
from tests.html import words
from tests.web.desk import find_form, open_page, send
from tests.web.practice import begin, fill, fill_step, refer

DONE = "Reached the patient at 2 pm."
MOVED = "The family lives there."
MINE = "Called the practice at 3 pm."


@pytest.fixture
def reference(client: FlaskClient) -> str:
    return refer(client)


def stop_change(client: FlaskClient, reference: str) -> str:
    """Tell a danger while the answers of a referral are changed; return the name of the stop."""
    answer = fill(client, f"/r/{reference}/amend", {})
    draft = str(answer.location).removesuffix("/check")
    fill(client, f"{draft}/checklist", {"now.medical_emergency": "yes"})
    db.session.rollback()
    return db.session.scalars(sa.select(SafetyEvent.name)).one()


def test_the_stop_leads_to_its_referral_and_the_referral_to_its_stop(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    stop, dahlia = stop_change(client, reference), cast.browser("dahlia")
    page, stop_page = f"/staff/referrals/{reference}", f"/staff/stops/{stop}"
    for path in ("/staff/stops", stop_page):
        assert f'href="{page}"' in dahlia.get(path).text
    open_one = dahlia.get(page).text
    assert "A form about this patient was stopped for safety" in open_one
    assert f'href="{stop_page}">the stop is open</a>' in open_one
    safety_stops.close(stop, DONE, actor=cast.actor("dahlia"), now=NOW)
    closed = dahlia.get(page).text
    assert f'href="{stop_page}">the stop was closed ' in closed
    assert "the stop is open" not in closed


def test_who_reads_it_without_seeing_to_stops_is_told_and_gets_no_link(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    stop = stop_change(client, reference)
    coordinator = cast.browser("aster").get(f"/staff/referrals/{reference}").text
    assert "the stop is open" in coordinator
    assert stop not in coordinator


def test_who_reads_nothing_clinical_is_not_told(client: FlaskClient, reference: str, cast: Cast) -> None:
    stop_change(client, reference)
    page = cast.browser("hazel").get(f"/staff/referrals/{reference}")
    assert page.status_code == 200
    assert "stopped for safety" not in page.text


def test_who_may_not_read_the_referral_gets_no_reference(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    stop = stop_change(client, reference)
    move(reference, Move.TRANSFER, cast.actor("birch"), clinic=ANCHORAGE, code="RD09", words=MOVED)
    dahlia, birch = cast.browser("dahlia"), cast.browser("birch")
    for path in ("/staff/stops", f"/staff/stops/{stop}"):
        assert "Medical emergency" in dahlia.get(path).text
        assert reference not in dahlia.get(path).text
        assert reference in birch.get(path).text


def test_after_a_transfer_the_stop_of_a_change_alarms_the_clinic_that_has_it_now(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    move(reference, Move.TRANSFER, cast.actor("dahlia"), clinic=ANCHORAGE, code="RD09", words=MOVED)
    with write() as session:
        session.execute(sa.delete(Letter))
    stop = stop_change(client, reference)
    event = db.session.scalars(sa.select(SafetyEvent)).one()
    assert event.clinic_id == stored(reference).clinic_id
    mailed = set(db.session.scalars(sa.select(Letter.member_id)))
    assert mailed == {cast.member_id("fern"), cast.member_id("birch")}
    assert cast.browser("fern").get(f"/staff/stops/{stop}").status_code == 200
    assert cast.browser("dahlia").get(f"/staff/stops/{stop}").status_code == 404


def test_a_form_of_its_own_belongs_to_no_referral(client: FlaskClient, reference: str, cast: Cast) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill(client, f"{draft}/checklist", {"now.medical_emergency": "yes"})
    dahlia = cast.browser("dahlia")
    assert "Medical emergency" in dahlia.get("/staff/stops").text
    assert reference not in dahlia.get("/staff/stops").text
    assert "stopped for safety" not in dahlia.get(f"/staff/referrals/{reference}").text


def test_a_stop_closed_meanwhile_offers_no_form_and_keeps_what_was_typed(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    stop, birch = stop_change(client, reference), cast.browser("birch")
    path = f"/staff/stops/{stop}"
    form = find_form(open_page(birch, path), path)
    safety_stops.close(stop, DONE, actor=cast.actor("dahlia"), now=NOW)
    answer = send(birch, form, words=MINE)
    assert answer.status_code == 409
    for part in (MINE, DONE, "Dahlia Testerly, RN", "closed before you wrote"):
        assert part in answer.text
    for page in (answer.text, birch.get(path).text):
        assert "<textarea" not in page
        assert "Keep it and close this stop" not in page
    assert MINE not in words(open_page(birch, path))
