"""Accept asks for a comment, tells the practice, and loses nothing that was typed."""

import pytest
from flask import Flask

from portal.domain.lifecycle import Move, Status
from tests.build import move, send, stored
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import field_value, make, open_page, press


@pytest.fixture
def claimed(app: Flask, cast: Cast) -> str:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return reference


def test_accepting_with_a_comment_is_kept_and_told(claimed: str, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    answer = make(dahlia, claimed, "accept", words="We call the patient on Tuesday.")
    assert answer.status_code == 303
    assert stored(claimed).status is Status.ACCEPTED
    said = words(open_page(dahlia, answer.headers["Location"]))
    assert f"{claimed} is accepted. The practice is told by mail." in said
    assert "Mail to the practice goes out soon About the acceptance." in said
    assert "Dahlia Testerly, RN accepted it for consultation We call the patient on Tuesday." in said


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Enter an answer"),
        ("x" * 4001, "Use 4,000 characters or fewer; this has 4,001"),
        ("a\x07b", "Take out the hidden control characters"),
    ],
)
def test_a_comment_that_does_not_fit_is_said_at_the_field_and_stays(
    claimed: str, cast: Cast, typed: str, problem: str
) -> None:
    answer = make(cast.browser("dahlia"), claimed, "accept", words=typed, more="x")
    assert answer.status_code == 422
    tree = page(answer)
    summary = tree.find(".//div[@role='alert']")
    assert [link.get("href") for link in summary.findall(".//a")] == ["#words"]
    assert words(summary).startswith("There is a problem ")
    assert problem in words(summary)
    assert words(tree.find(".//title")).startswith("Error: ")
    assert field_value(tree, "words") == typed.replace("\x07", "\ufffd")
    assert stored(claimed).status is Status.IN_TRIAGE


def test_a_page_left_open_too_long_keeps_the_comment(claimed: str, cast: Cast) -> None:
    path = f"/staff/referrals/{claimed}/accept"
    answer = cast.browser("dahlia").post(
        path, data={"words": "We call.", "version": "2", "csrf_token": "old"}
    )
    tree = page(answer)
    assert answer.status_code == 400
    assert "Nothing you typed is lost" in words(tree)
    assert field_value(tree, "words") == "We call."
    assert stored(claimed).status is Status.IN_TRIAGE


def test_what_was_sent_again_from_that_page_counts(claimed: str, cast: Cast) -> None:
    dahlia, path = cast.browser("dahlia"), f"/staff/referrals/{claimed}/accept"
    dahlia.post(path, data={"words": "We call.", "version": "2", "csrf_token": "old"})
    press(dahlia, path, path, words="We call.")
    assert stored(claimed).status is Status.ACCEPTED


def test_markup_in_a_comment_is_shown_as_typed(claimed: str, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    make(dahlia, claimed, "accept", words="<b>Bold</b> & <script>alert(1)</script>")
    assert "<b>Bold</b> & <script>alert(1)</script>" in words(
        open_page(dahlia, f"/staff/referrals/{claimed}")
    )
