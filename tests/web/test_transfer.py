"""Transfer offers the clinics that suit, with distance; the referral leaves this queue and stands in the other."""

import pytest
from flask import Flask

from portal.db import db
from portal.domain.lifecycle import Status
from portal.queries import referrals
from tests.build import send, stored
from tests.cast import ANCHORAGE, FAIRBANKS, Cast
from tests.html import page, words
from tests.web.desk import field_value, find_form, make, open_page


@pytest.fixture
def reference(app: Flask) -> str:
    """A referral in Fairbanks."""
    return send().reference


def clinic_of(reference: str) -> str:
    return referrals.clinic_name(db.session(), stored(reference).clinic_id)


def test_the_form_offers_the_other_clinics_that_suit_and_says_why_not_the_rest(
    reference: str, cast: Cast
) -> None:
    action = f"/staff/referrals/{reference}/transfer"
    form = find_form(open_page(cast.browser("dahlia"), action), action)
    assert [field.get("value") for field in form.findall(".//input") if field.get("type") == "radio"] == [
        ANCHORAGE
    ]
    said = words(form)
    assert "262 miles in a straight line" in said
    assert "Not accepting referrals here." in said
    assert "Ketwell Alaska, Fairbanks" not in said


def test_a_transfer_moves_it_to_the_other_queue_with_its_reference(reference: str, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    answer = make(
        dahlia, reference, "transfer", clinic=ANCHORAGE, code="RD09", words="The family lives there."
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/queue")
    said = words(open_page(dahlia, "/staff/queue"))
    assert f"{reference} is transferred." in said
    assert "No open referrals" in said
    assert clinic_of(reference) == "Ketwell Alaska, Anchorage"
    assert stored(reference).status is Status.RECEIVED
    fern = cast.browser("fern")
    assert "Transferred here" in words(open_page(fern, "/staff/queue"))
    said = words(open_page(fern, f"/staff/referrals/{reference}"))
    assert "Dahlia Testerly, RN transferred it to Ketwell Alaska, Anchorage" in said
    assert "Staff of the network chose it" in said


@pytest.mark.parametrize(
    ("clinic", "problem"),
    [
        ("", "Choose the clinic it goes to"),
        (FAIRBANKS, "It is at that clinic already"),
        ("daydream-md-san-diego", "That clinic does not suit this referral"),
        ("no-such\x00", "That clinic does not suit this referral"),
    ],
)
def test_a_clinic_that_cannot_take_it_is_refused_and_the_words_stay(
    reference: str, cast: Cast, clinic: str, problem: str
) -> None:
    answer = make(
        cast.browser("dahlia"), reference, "transfer", clinic=clinic, code="RD08", words="It is nearer."
    )
    assert answer.status_code == 422
    tree = page(answer)
    assert problem in words(tree)
    assert tree.find(".//div[@role='alert']").find(".//a").get("href") == "#clinic"
    assert tree.find(".//*[@id='clinic']") is not None
    assert field_value(tree, "words") == "It is nearer."
    assert clinic_of(reference) == "Ketwell Alaska, Fairbanks"


def test_a_referral_of_an_unknown_place_is_placed_by_hand(app: Flask, cast: Cast) -> None:
    reference, aster = send(place=None).reference, cast.browser("aster")
    assert "Distance not known" in words(open_page(aster, f"/staff/referrals/{reference}/transfer"))
    make(aster, reference, "transfer", clinic=FAIRBANKS, code="RD09", words="The practice says Fairbanks.")
    assert clinic_of(reference) == "Ketwell Alaska, Fairbanks"
