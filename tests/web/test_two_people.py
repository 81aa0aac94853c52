"""Two people act on one referral: the second is told what changed and loses nothing typed."""

import pytest
from flask import Flask

from portal.domain.lifecycle import Move, Status
from tests.build import move, send, stored
from tests.cast import ANCHORAGE, Cast
from tests.html import page, words
from tests.web.desk import field_value, find_form, open_page
from tests.web.desk import send as press_send


@pytest.fixture
def claimed(app: Flask, cast: Cast) -> str:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return reference


def test_the_second_sees_what_changed_and_sends_the_same_words_again(claimed: str, cast: Cast) -> None:
    path = f"/staff/referrals/{claimed}/accept"
    birch = cast.browser("birch")
    open_form = find_form(open_page(birch, path), path)
    dahlia = cast.actor("dahlia")
    move(claimed, Move.ASK, dahlia, words="Which dose?", code="IN01")
    move(claimed, Move.ANSWER, dahlia, words="200 mg.")
    answer = press_send(birch, open_form, words="We call on Tuesday.")
    assert answer.status_code == 409
    tree = page(answer)
    told = words(tree.find(".//div[@role='alert']"))
    assert "This referral changed while you were writing. What you typed is kept" in told
    assert told.index("answered 200 mg.") < told.index("asked the referrer")
    assert "claimed it" not in told
    assert field_value(tree, "words") == "We call on Tuesday."
    assert stored(claimed).status is Status.IN_TRIAGE
    again = press_send(birch, find_form(tree, path), words=field_value(tree, "words"))
    assert again.status_code == 303
    assert stored(claimed).status is Status.ACCEPTED


def test_a_move_that_is_gone_shows_the_words_to_copy(claimed: str, cast: Cast) -> None:
    path = f"/staff/referrals/{claimed}/accept"
    birch = cast.browser("birch")
    open_form = find_form(open_page(birch, path), path)
    move(claimed, Move.DECLINE, cast.actor("dahlia"), words="Seen elsewhere.", code="DC01")
    answer = press_send(birch, open_form, words="We call on Tuesday.")
    assert answer.status_code == 409
    tree = page(answer)
    said = words(tree.find(".//div[@role='alert']"))
    assert "Dahlia Testerly, RN declined it" in said
    assert "What you typed, to copy: We call on Tuesday." in said
    assert find_form(tree, path) is None


def test_who_claims_second_is_told_who_was_first(app: Flask, cast: Cast) -> None:
    reference = send().reference
    path = f"/staff/referrals/{reference}"
    birch = cast.browser("birch")
    open_form = find_form(open_page(birch, path), f"{path}/claim")
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    answer = press_send(birch, open_form)
    assert answer.status_code == 409
    assert "Dahlia Testerly, RN claimed it" in words(page(answer).find(".//div[@role='alert']"))
    assert stored(reference).holder_id == cast.member_id("dahlia")


def test_who_writes_on_what_a_colleague_sent_elsewhere_keeps_the_words(claimed: str, cast: Cast) -> None:
    path = f"/staff/referrals/{claimed}/accept"
    dahlia = cast.browser("dahlia")
    open_form = find_form(open_page(dahlia, path), path)
    move(claimed, Move.TRANSFER, cast.actor("birch"), words="Nearer.", code="RD08", clinic=ANCHORAGE)
    answer = press_send(dahlia, open_form, words="We call on Tuesday.")
    assert answer.status_code == 404
    assert "What you typed, to copy: We call on Tuesday." in words(page(answer))


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 5000, "-1", "²", "99"])
def test_a_version_that_nobody_saw_moves_nothing(claimed: str, cast: Cast, version: str) -> None:
    path = f"/staff/referrals/{claimed}/accept"
    dahlia = cast.browser("dahlia")
    answer = press_send(dahlia, find_form(open_page(dahlia, path), path), version=version, words="We call.")
    assert answer.status_code == 409
    assert field_value(page(answer), "version") == "2"
    assert stored(claimed).status is Status.IN_TRIAGE
