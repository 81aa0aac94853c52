"""Whoever holds the link answers the clinic's question or takes the referral back; nothing written is lost."""

from flask.testing import FlaskClient

from portal.domain.lifecycle import Move, Status
from portal.domain.orders import Receipt
from tests import build
from tests.cast import FAIRBANKS, Cast
from tests.html import page, words
from tests.web.practice import contents, open_page

QUESTION = "Who can stay with the patient the night after an infusion?"


def asked(client: FlaskClient, cast: Cast) -> Receipt:
    """A referral whose clinic asked a question, open in this browser."""
    receipt = build.send()
    dahlia = cast.actor("dahlia")
    build.move(receipt.reference, Move.CLAIM, dahlia)
    build.move(receipt.reference, Move.ASK, dahlia, code="IN10", words=QUESTION)
    client.get(f"/s/{receipt.status_key}")
    return receipt


def test_a_question_makes_it_the_practices_turn_and_the_answer_gives_it_back(
    client: FlaskClient, cast: Cast
) -> None:
    reference = asked(client, cast).reference
    tree = open_page(client, f"/r/{reference}")
    assert "Yours: the clinic asked a question" in words(tree)
    assert QUESTION in words(tree)
    form = contents(tree, f"/r/{reference}/answer")
    answer = client.post(f"/r/{reference}/answer", data=form | {"words": "Her sister stays."})
    assert answer.location == f"/r/{reference}"
    assert build.stored(reference).status is Status.IN_TRIAGE
    shown = words(open_page(client, f"/r/{reference}"))
    assert "You answered Her sister stays." in shown
    assert "The clinic's" in shown


def test_an_empty_answer_is_said_at_the_field(client: FlaskClient, cast: Cast) -> None:
    reference = asked(client, cast).reference
    form = contents(open_page(client, f"/r/{reference}"), f"/r/{reference}/answer")
    for typed in ("", "\x00", "a" * 4_001):
        answer = client.post(f"/r/{reference}/answer", data=form | {"words": typed})
        assert answer.status_code == 422
        assert "There is a problem" in words(page(answer))
    assert build.stored(reference).status is Status.INFO_REQUESTED


def test_an_ended_session_keeps_the_answer(client: FlaskClient, cast: Cast) -> None:
    receipt = asked(client, cast)
    action = f"/r/{receipt.reference}/answer"
    form = contents(open_page(client, f"/r/{receipt.reference}"), action) | {"words": "Her sister stays."}
    client.delete_cookie("session")
    client.get(f"/s/{receipt.status_key}")
    answer = client.post(action, data=form)
    assert answer.status_code == 400
    again = contents(page(answer), action)
    assert again["words"] == "Her sister stays."
    assert client.post(action, data=again).status_code == 303


def test_an_answer_under_a_closed_referral_is_shown_once_more(client: FlaskClient, cast: Cast) -> None:
    reference = asked(client, cast).reference
    action = f"/r/{reference}/answer"
    form = contents(open_page(client, f"/r/{reference}"), action)
    client.delete_cookie("session")
    answer = client.post(action, data=form | {"words": "Her sister\x07 stays."})
    assert answer.status_code == 404
    assert "What you wrote was not sent Her sister\N{REPLACEMENT CHARACTER} stays." in words(page(answer))


def test_an_answer_after_somebody_else_answered_is_kept_and_said(client: FlaskClient, cast: Cast) -> None:
    reference = asked(client, cast).reference
    form = contents(open_page(client, f"/r/{reference}"), f"/r/{reference}/answer")
    build.move(reference, Move.ANSWER, cast.actor("dahlia"), words="Told by phone.")
    answer = client.post(f"/r/{reference}/answer", data=form | {"words": "Her sister stays."})
    assert answer.status_code == 409
    shown = words(page(answer))
    assert "This referral changed while you were writing." in shown
    assert "Ketwell Alaska, Fairbanks wrote your answer down." in shown
    assert "What you wrote was not sent Her sister stays." in shown


def test_a_referral_is_withdrawn_with_a_reason(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/withdraw"
    form = contents(open_page(client, path))
    assert client.post(path, data=form).status_code == 422
    assert (
        client.post(path, data=form | {"words": "The patient moved away."}).location
        == f"/r/{receipt.reference}"
    )
    assert build.stored(receipt.reference).status is Status.CANCELLED
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "You withdrew the referral The patient moved away." in shown
    assert "Withdraw this referral" not in shown


def test_a_withdrawal_on_an_older_version_says_what_changed_and_can_be_sent_again(
    client: FlaskClient, cast: Cast
) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/withdraw"
    form = contents(open_page(client, path)) | {"words": "The patient moved away."}
    build.move(receipt.reference, Move.CLAIM, cast.actor("dahlia"))
    answer = client.post(path, data=form)
    assert answer.status_code == 409
    assert "Ketwell Alaska, Fairbanks began to read it." in words(page(answer))
    again = contents(page(answer))
    assert again["words"] == "The patient moved away."
    assert client.post(path, data=again).status_code == 303


def test_an_accepted_referral_is_not_withdrawn_here(client: FlaskClient, cast: Cast) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/withdraw"
    form = contents(open_page(client, path)) | {"words": "The patient moved away."}
    dahlia = cast.actor("dahlia")
    build.move(receipt.reference, Move.CLAIM, dahlia)
    version = build.move(receipt.reference, Move.ACCEPT, dahlia, words="Seen soon.")
    answer = client.post(path, data=form | {"version": str(version)})
    assert answer.status_code == 409
    assert "only before the clinic accepts it" in words(page(answer))
    assert build.stored(receipt.reference).status is Status.ACCEPTED


def test_a_version_that_is_no_number_counts_as_old(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/withdraw"
    form = contents(open_page(client, path)) | {"words": "The patient moved away."}
    for version in ("", "one", "9" * 5_000, "\N{SUPERSCRIPT TWO}"):
        assert client.post(path, data=form | {"version": version}).status_code == 409


def test_a_transfer_is_told_with_its_reason(client: FlaskClient, cast: Cast) -> None:
    receipt = build.send(build.new_referral(clinic="ketwell-alaska-anchorage"))
    build.move(
        receipt.reference, Move.TRANSFER, cast.actor("fern"), clinic=FAIRBANKS, code="RD08", words="Nearer."
    )
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "Ketwell Alaska, Anchorage transferred it to Ketwell Alaska, Fairbanks" in shown
    assert "The other clinic is nearer. Nearer." in shown
