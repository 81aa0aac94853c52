"""Change answers of a referral that was sent: only who knows its patient, only what changed, and nothing unseen."""

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.lifecycle import Move
from portal.models import Draft, File
from portal.queries import referrals, rules
from tests.build import move, send, stored
from tests.cast import Cast
from tests.papers import pdf
from tests.web import practice
from tests.web.practice import contents, fill, fill_step, open_page, refer


def open_answers(client: FlaskClient, reference: str) -> str:
    """Open the answers of a referral in a form; return its address."""
    answer = fill(client, f"/r/{reference}/amend", {})
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/check")


def press(client: FlaskClient, draft: str) -> TestResponse:
    return client.post(f"{draft}/check", data=contents(open_page(client, f"{draft}/check")))


@pytest.fixture
def reference(client: FlaskClient) -> str:
    return refer(client)


def test_the_form_opens_with_what_was_sent_and_sends_what_changed(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    assert f'href="/r/{reference}/amend"' in client.get(f"/r/{reference}").text
    draft = open_answers(client, reference)
    assert "There is nothing to send" in client.get(f"{draft}/check").text
    fill(client, f"{draft}/tried", {"phq9.total": "19"})
    fill_step(client, draft, "reason", reason="Worse since Monday.")
    page = client.get(f"{draft}/check").text
    assert "Before: Nothing" in page
    assert "Where it goes" in page
    assert 'name="clinic"' not in page
    answer = press(client, draft)
    assert answer.location == f"/r/{reference}"
    kept = stored(reference).answers
    assert (kept["reason"], kept["more"]["phq9.total"]) == ("Worse since Monday.", 19)
    assert "You changed 2 answers" in client.get(f"/r/{reference}").text
    staff = cast.browser("dahlia").get(f"/staff/referrals/{reference}").text
    assert "changed 2 answers: Why you refer now; PHQ-9, total" in staff
    assert "Before: Two adequate trials" in staff


def test_nothing_changed_sends_nothing(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    assert press(client, draft).location == f"/r/{reference}"
    assert stored(reference).version == 1


def test_a_file_alone_is_sent_with_it(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    form = contents(open_page(client, f"{draft}/files"), f"{draft}/files")
    client.post(f"{draft}/files", data=form | {"files": (BytesIO(pdf()), "Letter.pdf")})
    assert "Send the changes" in client.get(f"{draft}/check").text
    press(client, draft)
    db.session.rollback()
    assert db.session.scalars(sa.select(File.referral_id)).all() == [stored(reference).id]
    assert stored(reference).version == 2


def test_without_the_patients_date_of_birth_nothing_is_shown(app: Flask) -> None:
    receipt, browser = send(), app.test_client()
    browser.get(f"/s/{receipt.status_key}")
    page = f"/r/{receipt.reference}/amend"
    for answer in (browser.get(page), browser.post(page)):
        assert answer.location == f"/r/{receipt.reference}/prove?next=amend"
    proof = f"/r/{receipt.reference}/prove?next=amend"
    told = fill(browser, proof, {"date_of_birth": "3 27 1985"})
    assert told.location == page
    assert "Cedar Sampleton" in browser.get(f"{open_answers(browser, receipt.reference)}/check").text


def test_a_stranger_opens_nothing(app: Flask, client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    stranger = app.test_client()
    for path in (f"/r/{reference}/amend", f"{draft}/check", f"{draft}/patient"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/r/{reference}/amend").status_code == 404


def test_a_form_closes_with_the_link_of_its_referral(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    with client.session_transaction() as session:
        session["opened"] = []
    answer = client.get(f"{draft}/patient")
    assert "Cedar" not in answer.text
    assert client.get(str(answer.location)).status_code == 404


def test_what_rises_is_due_sooner_and_what_falls_stays(client: FlaskClient, reference: str) -> None:
    first = stored(reference)
    assert first.tier == "routine"
    due_before = first.due_at
    draft = open_answers(client, reference)
    fill(client, f"{draft}/tried", {"history.rapid_decline": "yes"})
    press(client, draft)
    risen = stored(reference)
    assert risen.tier == "urgent"
    promised = rules.promises(risen.received_at, risen.tier, None).first_look_at
    assert risen.first_look_due_at == risen.due_at == promised
    assert risen.due_at < due_before
    draft = open_answers(client, reference)
    fill(client, f"{draft}/tried", {"history.rapid_decline": "no"})
    press(client, draft)
    assert stored(reference).tier == "urgent"


def test_a_danger_stops_the_change(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    fill(client, f"{draft}/checklist", {"now.medical_emergency": "yes"})
    assert client.get(f"{draft}/check").location == f"{draft}/stopped"
    assert client.post(f"{draft}/check").location == f"{draft}/stopped"
    assert stored(reference).version == 1


def test_two_forms_do_not_undo_each_other_unseen(client: FlaskClient, reference: str, app: Flask) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "reason", reason="Mine.")
    shown = contents(open_page(client, f"{draft}/check"))
    other = app.test_client()
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update({"opened": mine["opened"], "proven": mine["proven"]})
    second = open_answers(other, reference)
    fill_step(other, second, "reason", reason="Theirs.")
    press(other, second)
    answer = client.post(f"{draft}/check", data=shown)
    assert answer.status_code == 409
    assert "Before: Theirs." in answer.text
    assert stored(reference).answers["reason"] == "Theirs."
    press(client, draft)
    assert stored(reference).answers["reason"] == "Mine."


def test_a_referral_that_closed_meanwhile_is_said_and_nothing_is_lost(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "reason", reason="Worse since Monday.")
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    move(reference, Move.DECLINE, cast.actor("dahlia"), code="DC01", words="Not here.")
    answer = press(client, draft)
    assert answer.status_code == 409
    assert "This referral is closed" in answer.text
    assert "Worse since Monday." in client.get(f"{draft}/reason").text
    assert "cannot be changed now" in client.get(f"/r/{reference}/amend").text


def test_a_form_given_up_leaves_the_referral_alone(client: FlaskClient, reference: str) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "reason", reason="Never sent.")
    fill(client, f"{draft}/later", {}, action=f"{draft}/discard")
    db.session.rollback()
    assert db.session.scalars(sa.select(Draft).where(Draft.amends_id.is_not(None))).all() == []
    assert stored(reference).version == 1


def test_the_same_browser_goes_on_with_what_it_began(client: FlaskClient, reference: str) -> None:
    assert open_answers(client, reference) == open_answers(client, reference)


def test_another_name_finds_the_referral_and_another_condition_is_pointed_out(
    client: FlaskClient, reference: str, cast: Cast
) -> None:
    draft = open_answers(client, reference)
    fill_step(client, draft, "patient", name="Cedar Specimen")
    fill_step(client, draft, "reason", condition="crps")
    press(client, draft)
    assert practice.send(client, practice.fill_all(client, name="Cedar Specimen")).location.endswith(
        reference
    )
    staff = cast.browser("dahlia")
    assert "The condition is another one now" in staff.get(f"/staff/referrals/{reference}").text
    changed = stored(reference)
    assert changed.clinic_id is not None
    assert changed.patient_index == referrals.patient_index("Cedar Specimen", date(1985, 3, 27))
