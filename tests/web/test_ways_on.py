"""Every page says the way on, and says afterwards what was done: after danger, before a deletion, with a closed referral."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.domain.intake import FIELDS
from portal.domain.intake.field import past_day
from portal.domain.lifecycle import Move
from portal.domain.safety import DANGER, FIRES
from tests import build
from tests.build import SAFE
from tests.cast import FAIRBANKS, Cast
from tests.html import page, words
from tests.web.practice import begin, contents, fill, fill_all, open_page, refer, send

NO_REFERRALS = "daydream-md-san-diego"


def links(client: FlaskClient, path: str) -> dict[str, str]:
    """Return the addresses on a page's main part by their words."""
    return {words(link): link.get("href") for link in open_page(client, path).find(".//main").iter("a")}


def test_a_form_stopped_by_danger_goes_on_when_the_danger_is_over(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    assert links(client, f"{draft}/stopped")["The danger is over: answer again"] == f"{draft}/safety"
    tree = open_page(client, f"{draft}/safety")
    assert "the mother had answered for the patient" in words(tree)


def test_a_form_stopped_by_the_screener_goes_on_by_an_assessment_alone(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/safety", {"safety.thoughts": "yes", "safety.method": "no", "safety.intent": "yes", "safety.plan": "no"}, action=f"{draft}/safety")  # fmt: skip
    found = links(client, f"{draft}/stopped")
    assert "The patient has been assessed: record it" in found
    assert "The danger is over: answer again" not in found


def test_deleting_a_draft_is_asked_once_and_said_afterwards(client: FlaskClient) -> None:
    draft = fill_all(client)
    tree = open_page(client, f"{draft}/later")
    (asked,) = tree.findall(".//details")
    form = next(found for found in tree.iter("form") if found.get("action") == f"{draft}/discard")
    assert words(asked.find("summary")) == "Delete this draft and all answers"
    assert form in list(asked.iter("form"))
    answer = client.post(f"{draft}/discard", data=contents(tree, f"{draft}/discard"))
    assert "The draft and all answers are deleted." in words(open_page(client, str(answer.location)))
    assert client.get(f"{draft}/patient").status_code == 404


@pytest.mark.parametrize(
    ("clinic", "said"),
    [
        (FAIRBANKS, "This referral is for Ketwell Alaska, Fairbanks."),
        (
            NO_REFERRALS,
            "Daydream MD, San Diego takes no referrals now. The form goes on and suggests the nearest that does.",
        ),
        ("no-such-clinic", "The clinic in this address is not in the directory. The form suggests the nearest that suits."),
    ],
)  # fmt: skip
def test_the_first_screen_says_whether_the_clinic_takes_referrals(
    client: FlaskClient, clinic: str, said: str
) -> None:
    assert said in words(open_page(client, f"/refer?clinic={clinic}"))


CLOSED = {
    Move.WITHDRAW: "Withdrawn.",
    Move.CONFIRM_CANCEL: "Cancelled.",
    Move.DECLINE: "Declined.",
}


def close(reference: str, move: Move, cast: Cast) -> None:
    """Bring a referral to an end by a move of the clinic."""
    dahlia = cast.actor("dahlia")
    if move is not Move.WITHDRAW:
        build.move(reference, Move.CLAIM, dahlia)
    if move is Move.CONFIRM_CANCEL:
        build.move(reference, Move.ACCEPT, dahlia, words="We see her.")
        build.move(reference, Move.ASK_TO_CANCEL, dahlia, words="Moved away.")
    more: dict[str, Any] = {"code": "DC01"} if move is Move.DECLINE else {}
    build.move(reference, move, dahlia, words="Moved away.", **more)


@pytest.mark.parametrize("move", CLOSED)
def test_the_pages_of_a_closed_referral_say_how_it_ended_and_promise_nothing(
    client: FlaskClient, cast: Cast, move: Move
) -> None:
    reference = refer(client)
    close(reference, move, cast)
    assert CLOSED[move] in words(open_page(client, f"/r/{reference}"))
    shown = words(open_page(client, f"/r/{reference}/receipt"))
    assert CLOSED[move] in shown
    for promise in ("reads it by", "First visit offered", "clinic will call", "ell the patient", "next move"):
        assert promise not in shown


def test_a_referral_that_is_to_be_cancelled_promises_no_visit(client: FlaskClient, cast: Cast) -> None:
    reference = refer(client)
    dahlia = cast.actor("dahlia")
    for move, said in ((Move.CLAIM, ""), (Move.ACCEPT, "We see her."), (Move.ASK_TO_CANCEL, "Moved away.")):
        build.move(reference, move, dahlia, words=said)
    assert "First visit offered" not in words(open_page(client, f"/r/{reference}/receipt"))


def test_a_receipt_for_a_clinic_that_was_chosen_names_the_suggested_one(client: FlaskClient) -> None:
    draft = fill_all(client, place="Bethel")
    answer = send(client, draft, clinic=FAIRBANKS, send_to=FAIRBANKS)
    shown = words(open_page(client, str(answer.location)))
    assert "Suggested was Ketwell Alaska, Anchorage, 400 miles in a straight line." in shown
    assert "Next best" not in shown


SAID = {
    "answer": "Your answer is sent.",
    "add": "What you added is sent.",
    "withdraw": "The referral is withdrawn.",
    "ask_to_cancel": "The clinic knows that you ask to cancel.",
    "keep": "The referral goes on.",
}
BEFORE: dict[str, tuple[tuple[Move, dict[str, Any]], ...]] = {
    "answer": ((Move.CLAIM, {}), (Move.ASK, {"code": "IN10", "words": "Who stays?"})),
    "ask_to_cancel": ((Move.CLAIM, {}), (Move.ACCEPT, {"words": "We see her."})),
    "keep": (
        (Move.CLAIM, {}),
        (Move.ACCEPT, {"words": "We see her."}),
        (Move.ASK_TO_CANCEL, {"words": "Moved away."}),
    ),
}


@pytest.mark.parametrize("verb", SAID)
def test_every_move_of_the_practice_is_said_to_be_done(client: FlaskClient, cast: Cast, verb: str) -> None:
    reference = refer(client)
    for move, asks in BEFORE.get(verb, ()):
        build.move(reference, move, cast.actor("dahlia"), **asks)
    path = f"/r/{reference}" if verb in {"answer", "keep"} else f"/r/{reference}/{verb}"
    action = f"/r/{reference}/{verb}" if verb in {"answer", "keep"} else None
    form = contents(open_page(client, path), action) | {"words": "Moved away."}
    answer = client.post(f"/r/{reference}/{verb}", data=form)
    assert f"Done. {SAID[verb]}" in words(open_page(client, str(answer.location)))


def test_the_questions_that_stop_are_asked_in_a_line_like_their_neighbors(client: FlaskClient) -> None:
    tree = open_page(client, f"{begin(client)}/checklist")
    asked = [each for each in tree.iter("fieldset") if each.get("class") == "ask"]
    names = {found.get("name") for each in asked for found in each.iter("input")}
    assert {name for name in FIRES if name.startswith("now.")} <= names


def test_what_is_asked_in_place_of_rows_fits_each_of_its_answers() -> None:
    labels = [FIELDS[name].label for name in ("tried.trials", "checklist.medicines", "checklist.allergies")]
    assert labels == ["Treatments so far", "Medicines", "Allergies"]


def test_every_date_says_how_it_is_typed() -> None:
    assert [name for name, field in FIELDS.items() if field.reader is past_day and not field.hint] == []


def test_a_screener_that_is_answered_and_not_asked_is_cleared_by_one_press(client: FlaskClient) -> None:
    both = SAFE | {"safety.not_asked": "It was late"}
    tree = page(fill(client, "/refer", both, action="/refer"))
    main = tree.find(".//main")
    names = [found.get("name") for found in main.iter("button")]
    assert names == [None, "clear"], "the enter key goes on"
    answer = client.post("/refer", data=contents(tree, "/refer") | {"clear": "yes"})
    cleared = contents(page(answer), "/refer")
    assert {name for name in cleared if name.startswith("safety.")} == {DANGER, "safety.not_asked"}
    assert cleared["safety.not_asked"] == "It was late"
    assert "There is a problem" not in words(page(answer))
    assert client.post("/refer", data=cleared).location.endswith("/patient")


def test_clearing_the_screener_hides_no_danger(client: FlaskClient) -> None:
    sent = SAFE | {"safety.intent": "yes", "safety.not_asked": "It was late", "clear": "yes"}
    answer = fill(client, "/refer", sent, action="/refer")
    assert client.get(str(answer.location)).location.endswith("/stopped")


def test_the_screener_is_cleared_on_a_later_page_too(client: FlaskClient) -> None:
    draft = begin(client)
    sent = {"safety.not_asked": "It was late", "clear": "yes"}
    answer = fill(client, f"{draft}/safety", sent, action=f"{draft}/safety")
    assert "safety.thoughts" not in contents(page(answer), f"{draft}/safety")


def test_a_gate_without_answers_says_that_the_screener_need_not_be_asked(client: FlaskClient) -> None:
    said = words(page(fill(client, "/refer", {}, action="/refer")))
    assert "Choose yes, no or not known, or say why the screener was not asked" in said


def test_a_problem_that_stands_alone_names_its_question(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    answer = fill(client, f"{draft}/safety", {DANGER: "no"}, action=f"{draft}/safety")
    assert "Why the answer changes: Enter an answer" in words(page(answer).find(".//ul"))


def test_an_empty_box_for_a_link_is_said_to_be_empty(client: FlaskClient) -> None:
    token = contents(open_page(client, "/status"), "/status")
    said = words(page(client.post("/status", data=token | {"link": " "})))
    assert "Paste the link from the mail, or ask for a new one below" in said
    assert "This opens nothing" not in said
