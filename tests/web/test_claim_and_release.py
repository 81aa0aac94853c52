"""Claim and release are one press each."""

from flask import Flask

from portal.domain.lifecycle import Move, Status
from tests.build import move, send, stored
from tests.cast import Cast
from tests.html import words
from tests.web.desk import make, open_page


def test_a_press_claims_and_a_press_releases(app: Flask, cast: Cast) -> None:
    reference, dahlia = send().reference, cast.browser("dahlia")
    path = f"/staff/referrals/{reference}"
    answer = make(dahlia, reference, "claim")
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert stored(reference).holder_id == cast.member_id("dahlia")
    said = words(open_page(dahlia, path))
    assert f"Done. You hold {reference} now." in said
    assert "Held by you. Waiting on us." in said
    make(dahlia, reference, "release")
    assert (stored(reference).status, stored(reference).holder_id) == (Status.RECEIVED, None)
    assert "Held by" not in words(open_page(dahlia, path))


def test_what_was_done_is_said_once(app: Flask, cast: Cast) -> None:
    reference, dahlia = send().reference, cast.browser("dahlia")
    make(dahlia, reference, "claim")
    path = f"/staff/referrals/{reference}"
    assert "Done." in words(open_page(dahlia, path))
    assert "Done." not in words(open_page(dahlia, path))


def test_a_manager_releases_what_somebody_holds(app: Flask, cast: Cast) -> None:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    birch = cast.browser("birch")
    assert "Held by Dahlia Testerly, RN." in words(open_page(birch, f"/staff/referrals/{reference}"))
    make(birch, reference, "release")
    assert stored(reference).holder_id is None


def test_a_press_without_a_token_claims_nothing_and_says_why(app: Flask, cast: Cast) -> None:
    reference = send().reference
    answer = cast.browser("dahlia").post(f"/staff/referrals/{reference}/claim", data={"version": "1"})
    assert answer.status_code == 400
    assert "open too long" in answer.get_data(as_text=True)
    assert stored(reference).status is Status.RECEIVED
