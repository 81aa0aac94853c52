"""A key opens one referral in one browser; a wrong, an ended and a withdrawn one are answered alike."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db, write
from portal.models import StatusKey
from portal.web.opened import MOST
from tests import build
from tests.html import page, without_nonce, words
from tests.web.practice import contents, fill, open_page


def test_the_key_is_left_behind_when_the_referral_opens(client: FlaskClient) -> None:
    receipt = build.send()
    answer = client.get(f"/s/{receipt.status_key}")
    assert answer.status_code == 303
    assert answer.location == f"/r/{receipt.reference}"
    assert answer.headers["Cache-Control"] == "no-store"
    tree = open_page(client, answer.location)
    assert receipt.status_key not in words(tree)
    assert "The clinic's" in words(tree)
    assert "Sent to Ketwell Alaska, Fairbanks" in words(tree)


def test_the_status_page_names_no_patient(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    text = client.get(f"/r/{receipt.reference}").text
    assert "Cedar" not in text
    assert "1985" not in text


def test_a_first_look_that_is_late_is_said_to_be(client: FlaskClient) -> None:
    receipt = build.send(now=datetime.now(UTC) - timedelta(days=30))
    client.get(f"/s/{receipt.status_key}")
    assert "and that is over. It is not lost" in words(open_page(client, f"/r/{receipt.reference}"))


def test_a_late_look_of_the_intake_team_names_no_clinic_to_call(client: FlaskClient) -> None:
    receipt = build.send(place=None, now=datetime.now(UTC) - timedelta(days=30))
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "It is not lost: the intake team still has it." in shown
    assert "call the clinic" not in shown


def test_without_a_clinic_it_is_the_intake_teams_turn(client: FlaskClient) -> None:
    receipt = build.send(place=None)
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "The network's intake team's" in shown
    assert "Sent to the network's intake team" in shown


def test_opening_a_link_consumes_nothing(client: FlaskClient) -> None:
    receipt = build.send()
    for _ in range(2):
        scanner = client.application.test_client()
        assert scanner.get(f"/s/{receipt.status_key}").status_code == 303


def test_a_reference_alone_opens_nothing(client: FlaskClient) -> None:
    receipt = build.send()
    answer = client.get(f"/r/{receipt.reference}")
    assert answer.status_code == 404
    assert "No referral is open here" in words(page(answer))


def test_a_key_of_another_referral_opens_only_its_own(client: FlaskClient) -> None:
    mine, other = build.send(), build.send()
    client.get(f"/s/{mine.status_key}")
    assert client.get(f"/r/{mine.reference}").status_code == 200
    assert client.get(f"/r/{other.reference}").status_code == 404


def test_wrong_ended_and_withdrawn_keys_are_answered_alike(client: FlaskClient) -> None:
    ended, withdrawn = build.send(), build.send()
    past = datetime.now(UTC) - timedelta(minutes=1)
    change(ended.status_key_id, expires_at=past)
    change(withdrawn.status_key_id, revoked_at=past)
    answers = [client.get(f"/s/{key}") for key in ("wrong", "\x00", ended.status_key, withdrawn.status_key)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_nonce(answer.text) for answer in answers}) == 1


def test_a_withdrawn_key_closes_what_it_opened(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    change(receipt.status_key_id, revoked_at=datetime.now(UTC))
    assert client.get(f"/r/{receipt.reference}").status_code == 404
    assert client.post(f"/r/{receipt.reference}/withdraw").status_code == 404


def test_a_browser_keeps_twenty_referrals_open_and_drops_the_oldest(client: FlaskClient) -> None:
    receipts = [build.send() for _ in range(MOST + 1)]
    for receipt in receipts:
        client.get(f"/s/{receipt.status_key}")
    assert client.get(f"/r/{receipts[0].reference}").status_code == 404
    assert client.get(f"/r/{receipts[1].reference}").status_code == 200
    assert client.get(f"/r/{receipts[-1].reference}").status_code == 200


def test_a_pasted_link_or_its_key_opens_the_referral(client: FlaskClient) -> None:
    receipt = build.send()
    for pasted in (f"http://127.0.0.1:8000/s/{receipt.status_key}", f" {receipt.status_key} "):
        answer = fill(client.application.test_client(), "/status", {"link": pasted}, action="/status")
        assert answer.location == f"/r/{receipt.reference}"


def test_a_pasted_reference_opens_nothing_and_stays_in_the_field(client: FlaskClient) -> None:
    receipt = build.send()
    answer = fill(client, "/status", {"link": receipt.reference}, action="/status")
    assert answer.status_code == 422
    assert "This opens nothing" in words(page(answer))
    assert contents(page(answer), "/status")["link"] == receipt.reference


def change(key_id: int, **values: datetime) -> None:
    db.session.rollback()
    with write() as session:
        session.execute(sa.update(StatusKey).where(StatusKey.id == key_id).values(**values))
