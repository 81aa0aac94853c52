"""Ask the practice, and write down what it answered on the phone."""

from flask import Flask

from portal.domain.lifecycle import Move, Status
from tests.build import move, send, stored
from tests.cast import Cast
from tests.html import words
from tests.web.desk import make, open_page


def test_a_question_waits_on_the_practice_until_its_answer_is_written_down(app: Flask, cast: Cast) -> None:
    reference, dahlia = send().reference, cast.browser("dahlia")
    path = f"/staff/referrals/{reference}"
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    make(dahlia, reference, "ask", code="IN01", words="Which dose of sertraline?")
    assert stored(reference).status is Status.INFO_REQUESTED
    assert "Waiting on the referrer." in words(open_page(dahlia, path))
    make(dahlia, reference, "answer", words="200 mg for 14 weeks, said Dr. Mockingham on the phone.")
    assert stored(reference).status is Status.IN_TRIAGE
    assert stored(reference).holder_id == cast.member_id("dahlia")
    said = words(open_page(dahlia, path))
    assert "Treatments tried: dose, length, response. Which dose of sertraline?" in said
    assert "Dahlia Testerly, RN answered 200 mg for 14 weeks" in said
    assert "First look done in" in said
    assert "First look" not in words(open_page(dahlia, "/staff/queue").find(".//tbody"))
