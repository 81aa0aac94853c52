"""A patient sent before: whoever sent that referral is asked to add to it; anybody else gets a receipt and learns nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.lifecycle import Move
from portal.models import Referral
from tests.build import move, send, stored
from tests.cast import ANCHORAGE, Cast
from tests.web import practice
from tests.web.practice import fill, fill_all, open_page, refer

TEASED = "Cédar Sampelton"
"""The same patient, as somebody else types the name."""


def references() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Referral.reference).order_by(Referral.id)))


def ask_back(client: FlaskClient, **patient: str) -> tuple[str, str]:
    """Send a second form for the patient; return its address and the address of the question."""
    draft = fill_all(client, **patient)
    answer = practice.send(client, draft)
    assert "/same/" in str(answer.location), answer.location
    return draft, str(answer.location)


def choose(client: FlaskClient, question: str, answer: str) -> TestResponse:
    return fill(client, question, {"duplicate": answer})


def decline(reference: str, cast: Cast) -> None:
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    move(reference, Move.DECLINE, cast.actor("dahlia"), code="DC01", words="Not here.")


@pytest.mark.parametrize("name", ["Cedar Sampleton", TEASED, "Sampleton, Cedar"])
def test_who_sent_it_before_is_offered_to_add_to_it(client: FlaskClient, name: str) -> None:
    reference = refer(client)
    _draft, question = ask_back(client, name=name)
    page = client.get(question).text
    assert reference in page
    assert "was sent on" in page
    assert references() == [reference]


def test_added_answers_are_beside_the_first_and_make_no_second(client: FlaskClient, cast: Cast) -> None:
    reference = refer(client)
    _draft, question = ask_back(client, phone="907-555-0177")
    answer = choose(client, question, "add")
    assert answer.location == f"/r/{reference}"
    assert references() == [reference]
    assert stored(reference).answers["patient"]["phone"] == "+19075550177"
    assert "You changed 1 answer" in client.get(f"/r/{reference}").text
    page = cast.browser("dahlia").get(f"/staff/referrals/{reference}").text
    assert "changed 1 answer: Mobile or home phone" in page
    assert "Before: 907-555-0142" in page


def test_sent_as_another_both_keep_their_own_reference(client: FlaskClient) -> None:
    first = refer(client)
    draft, question = ask_back(client)
    assert choose(client, question, "separate").location == f"{draft}/check"
    answer = practice.send(client, draft)
    second = str(answer.location).split("/")[2]
    assert references() == [first, second]


def test_sent_as_another_holds_for_that_patient_only(client: FlaskClient) -> None:
    cedar, ember = refer(client), refer(client, name="Ember Placebo")
    draft, question = ask_back(client)
    assert cedar in question
    choose(client, question, "separate")
    practice.fill_step(client, draft, "patient", name="Ember Placebo")
    answer = practice.send(client, draft)
    assert answer.location == f"{draft}/same/{ember}"
    assert references() == [cedar, ember]


def test_a_double_click_on_another_makes_one(client: FlaskClient, app: Flask) -> None:
    first = refer(client)
    draft, question = ask_back(client)
    choose(client, question, "separate")
    tree = open_page(client, f"{draft}/check")
    sent = practice.contents(tree) | {"consent": "yes"}
    cookies = [(cookie.key, cookie.value) for cookie in (client._cookies or {}).values()]

    def click(_number: int) -> TestResponse:
        browser = app.test_client()
        for name, value in cookies:
            browser.set_cookie(name, value)
        return browser.post(f"{draft}/check", data=sent)

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(click, range(2)))
    assert len({answer.location for answer in answers}) == 1
    assert len(references()) == 2
    assert references()[0] == first


def test_anybody_else_gets_a_receipt_like_any_other(client: FlaskClient, app: Flask) -> None:
    first = refer(client)
    stranger = app.test_client()
    second = refer(stranger)
    assert references() == [first, second]
    assert first not in stranger.get(f"/r/{second}/receipt").text
    assert first not in stranger.get(f"/r/{second}").text


def test_a_link_alone_tells_nobody_whose_referral_it_is(app: Flask) -> None:
    receipt, holder = send(), app.test_client()
    holder.get(f"/s/{receipt.status_key}")
    draft = fill_all(holder)
    form = practice.contents(open_page(holder, f"{draft}/check")) | {"consent": "y"}
    nowhere = holder.post(
        f"{draft}/check", data=form | {"clinic": "no-such-clinic", "send_to": "no-such-clinic"}
    )
    assert (nowhere.status_code, "no-such-clinic" in str(nowhere.location)) == (422, False)
    assert practice.send(holder, draft).location.endswith("/receipt")
    assert len(references()) == 2


def test_whoever_proved_to_know_the_patient_is_offered_to_add_to_it(app: Flask) -> None:
    receipt, holder = send(), app.test_client()
    holder.get(f"/s/{receipt.status_key}")
    fill(holder, f"/r/{receipt.reference}/prove", {"date_of_birth": "3 27 1985"})
    _draft, question = ask_back(holder)
    assert question.endswith(receipt.reference)


def test_a_question_about_a_referral_one_does_not_hold_is_no_page(client: FlaskClient, app: Flask) -> None:
    first = refer(client)
    stranger = app.test_client()
    draft = fill_all(stranger)
    other, none = (stranger.get(f"{draft}/same/{name}") for name in (first, "KT-0000-0"))
    assert (other.status_code, other.location) == (none.status_code, none.location)
    assert first not in other.text


def test_answers_of_another_patient_are_never_added(client: FlaskClient) -> None:
    cedar, ember = refer(client), refer(client, name="Ember Placebo")
    # Agreed to, and asked about Ember's; the address is then changed to the other one that this browser holds.
    _draft, question = ask_back(client, name="Ember Placebo")
    choose(client, question.replace(ember, cedar), "add")
    assert stored(cedar).answers["patient"]["name"] == "Cedar Sampleton"
    assert stored(cedar).version == stored(ember).version == 1


def test_answers_changed_after_the_patient_agreed_are_agreed_to_again(client: FlaskClient) -> None:
    first = refer(client)
    draft, question = ask_back(client)
    practice.fill_step(client, draft, "reason", reason="Something that the patient has not seen.")
    assert choose(client, question, "add").location == f"{draft}/check"
    assert stored(first).version == 1


def test_a_twin_is_no_duplicate(client: FlaskClient) -> None:
    first = refer(client, name="Aster Testerly")
    second = refer(client, name="Birch Testerly")
    assert references() == [first, second]


def test_a_closed_referral_is_no_duplicate(client: FlaskClient, cast: Cast) -> None:
    first = refer(client)
    decline(first, cast)
    assert len({first, refer(client)}) == 2


def test_one_that_closes_while_it_is_asked_about_is_not_added_to(client: FlaskClient, cast: Cast) -> None:
    first = refer(client)
    draft, question = ask_back(client)
    decline(first, cast)
    assert choose(client, question, "add").location == f"{draft}/check"
    assert "was closed meanwhile" in client.get(f"{draft}/check").text
    assert practice.send(client, draft).location != f"/r/{first}/receipt"
    assert len(references()) == 2


def test_triage_sees_both_as_far_as_it_may(cast: Cast) -> None:
    here, also, there = send().reference, send().reference, send().reference
    with db.engine.begin() as connection:
        anchorage = sa.text(
            "UPDATE referrals SET clinic_id = (SELECT id FROM clinics WHERE slug = :slug) WHERE reference = :it"
        )
        connection.execute(anchorage, {"slug": ANCHORAGE, "it": there})
    page = cast.browser("dahlia").get(f"/staff/referrals/{here}").text
    assert "Possibly the same patient" in page
    assert also in page
    assert there not in page
    assert "Another clinic of the network" in page


def test_triage_sees_nothing_where_there_is_one_alone(cast: Cast) -> None:
    reference = send().reference
    assert "Possibly the same patient" not in cast.browser("dahlia").get(f"/staff/referrals/{reference}").text
