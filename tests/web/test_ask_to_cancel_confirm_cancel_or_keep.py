"""After acceptance a practice asks to cancel; the clinic confirms, or somebody takes the wish back."""

import pytest
from flask.testing import FlaskClient

from portal.domain.lifecycle import Move, Status
from tests import build
from tests.cast import Cast
from tests.html import page, words
from tests.web import desk
from tests.web.practice import contents, fill, open_page


@pytest.fixture
def accepted(client: FlaskClient, cast: Cast) -> str:
    """A referral that Fairbanks accepted, open in the practice's browser."""
    receipt, dahlia = build.send(), cast.actor("dahlia")
    build.move(receipt.reference, Move.CLAIM, dahlia)
    build.move(receipt.reference, Move.ACCEPT, dahlia, words="We call this week.")
    client.get(f"/s/{receipt.status_key}")
    return receipt.reference


def ask(client: FlaskClient, reference: str) -> None:
    path = f"/r/{reference}/ask_to_cancel"
    assert fill(client, path, {"words": "She moved away."}).location == f"/r/{reference}"


def test_asking_to_cancel_has_a_page_and_waits_for_the_clinic(
    accepted: str, client: FlaskClient, cast: Cast
) -> None:
    assert "Withdraw this referral" not in words(open_page(client, f"/r/{accepted}"))
    assert "visits and travel may be booked" in words(open_page(client, f"/r/{accepted}/ask_to_cancel"))
    ask(client, accepted)
    shown = words(open_page(client, f"/r/{accepted}"))
    assert "Accepted, and asked to be cancelled." in shown
    assert "You asked to cancel it She moved away." in shown
    queue = words(desk.open_page(cast.browser("dahlia"), "/staff/queue"))
    assert "Asks to cancel" in queue
    assert "confirm it, or keep the referral" in queue


def test_the_clinic_confirms_and_says_what_became_of_the_visits(
    accepted: str, client: FlaskClient, cast: Cast
) -> None:
    ask(client, accepted)
    desk.make(cast.browser("dahlia"), accepted, "confirm_cancel", words="The flight is cancelled.")
    assert build.stored(accepted).status is Status.CANCELLED
    shown = words(open_page(client, f"/r/{accepted}"))
    assert "Ketwell Alaska, Fairbanks cancelled it The flight is cancelled." in shown
    assert "Take it back" not in shown


def test_the_practice_takes_it_back_with_one_press(accepted: str, client: FlaskClient) -> None:
    ask(client, accepted)
    form = contents(open_page(client, f"/r/{accepted}"), f"/r/{accepted}/keep")
    assert client.post(f"/r/{accepted}/keep", data=form).location == f"/r/{accepted}"
    assert build.stored(accepted).status is Status.ACCEPTED
    assert "You took the wish to cancel back" in words(open_page(client, f"/r/{accepted}"))
    assert client.post(f"/r/{accepted}/keep", data=form).status_code == 409


def test_staff_keep_it_and_the_flag_goes(accepted: str, client: FlaskClient, cast: Cast) -> None:
    ask(client, accepted)
    nurse = cast.browser("dahlia")
    desk.make(nurse, accepted, "keep")
    assert build.stored(accepted).status is Status.ACCEPTED
    assert "Asks to cancel" not in words(desk.open_page(nurse, "/staff/queue"))
    assert "keeps it going" in words(open_page(client, f"/r/{accepted}"))


def test_a_wish_that_came_too_late_is_taken_back_by_nobody(
    accepted: str, client: FlaskClient, cast: Cast
) -> None:
    ask(client, accepted)
    form = contents(open_page(client, f"/r/{accepted}"), f"/r/{accepted}/keep")
    build.move(accepted, Move.CONFIRM_CANCEL, cast.actor("dahlia"), words="The flight is cancelled.")
    answer = client.post(f"/r/{accepted}/keep", data=form)
    assert answer.status_code == 409
    assert "Ketwell Alaska, Fairbanks cancelled it." in words(page(answer))


def test_staff_record_the_wish_of_a_patient_who_called(accepted: str, cast: Cast) -> None:
    desk.make(cast.browser("dahlia"), accepted, "ask_to_cancel", words="The patient called: moved away.")
    assert build.stored(accepted).status is Status.CANCEL_REQUESTED


def test_before_acceptance_there_is_nothing_to_ask(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    assert "There is nothing to ask for now." in words(
        open_page(client, f"/r/{receipt.reference}/ask_to_cancel")
    )
