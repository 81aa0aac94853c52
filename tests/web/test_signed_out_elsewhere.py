"""Somebody signs out in one tab and sends a form in another: it is not kept, and that is said."""

from flask import Flask

from portal.domain.lifecycle import Move
from tests.build import move, send
from tests.cast import Cast
from tests.html import page, words
from tests.web import desk


def test_words_sent_after_signing_out_are_said_to_be_gone(app: Flask, cast: Cast) -> None:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    dahlia = cast.browser("dahlia")
    path = f"/staff/referrals/{reference}/ask"
    form = desk.find_form(desk.open_page(dahlia, path), path)
    desk.press(dahlia, "/staff/queue", "/staff/sign-out")
    answer = desk.send(dahlia, form, words="Which dose?", code="IN01")
    assert answer.status_code == 302
    said = words(page(dahlia.get(answer.headers["Location"])))
    assert "What you typed was not sent and is not kept" in said
    assert "Done." not in said
