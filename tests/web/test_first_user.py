"""What a first user stumbled over: contradictions, endless answers, two tabs, and words of crisis in a note."""

import pytest
from flask.testing import FlaskClient

from tests.build import SAFE, stored
from tests.cast import Cast
from tests.html import words
from tests.web.practice import begin, contents, fill, fill_step, open_page, refer

pytestmark = pytest.mark.one_database("sqlite")


def test_a_screener_that_is_answered_and_not_asked_is_asked_back(client: FlaskClient, cast: Cast) -> None:
    both = SAFE | {"safety.wish_to_be_dead": "yes", "safety.not_asked": "It was late"}
    answer = fill(client, "/refer", both, action="/refer")
    assert (answer.status_code, "clear this line" in answer.text) == (422, True)


@pytest.mark.parametrize("choice", ["none", "not_known"])
def test_none_beside_a_row_is_taken_back_by_one_press(client: FlaskClient, cast: Cast, choice: str) -> None:
    draft = begin(client)
    sent = {"trials.0.name": "Sertraline", "tried.trials": choice}
    answer = fill(client, f"{draft}/tried", sent)
    assert "choose “Listed above”" in answer.text
    answer = client.post(f"{draft}/tried", data=_form(client, f"{draft}/tried") | {"tried.trials": "listed"})
    assert "again=yes" not in str(answer.location)
    assert "Sertraline" in open_page(client, f"{draft}/tried").find(".//input[@name='trials.0.name']").get(
        "value"
    )


def _form(client: FlaskClient, path: str) -> dict[str, str]:
    return contents(open_page(client, path))


@pytest.mark.parametrize("length", [20_001, 100_000])
def test_an_endless_answer_stays_on_the_page_whole(client: FlaskClient, cast: Cast, length: int) -> None:
    draft = begin(client)
    answer = fill_step(client, draft, "reason", reason="x" * length)
    assert answer.status_code == 422
    assert "x" * length in answer.text
    assert f"this has {length:,}" in answer.text


def test_an_endless_answer_is_not_said_to_be_saved_while_it_is_typed(client: FlaskClient, cast: Cast) -> None:
    draft = begin(client)
    sent = _form(client, f"{draft}/reason") | {"reason": "x" * 20_001, "turn": "1"}
    assert client.post(f"{draft}/reason/typed", data=sent).status_code == 409


def test_a_second_tab_that_answers_otherwise_is_told_of_the_first(client: FlaskClient, cast: Cast) -> None:
    draft = begin(client)
    second = _form(client, f"{draft}/reason")
    assert fill_step(client, draft, "reason", reason="Typed in the first tab").status_code == 303
    answer = client.post(
        f"{draft}/reason", data=second | {"reason": "Typed in the second tab", "condition": "trd"}
    )
    assert "together=yes" in str(answer.location)
    shown = words(open_page(client, str(answer.location)))
    assert "saved in another tab too" in shown
    assert "Typed in the second tab" in shown


def test_what_cannot_be_used_does_not_count_as_given(client: FlaskClient, cast: Cast) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill_step(client, draft, "reason")
    before = words(open_page(client, f"{draft}/tried"))
    fill(client, f"{draft}/tried", {"phq9.total": "99"})
    assert "0 of " in before
    assert "0 of " in words(open_page(client, f"{draft}/tried"))


def test_words_of_crisis_in_a_note_are_answered_with_whom_to_call(client: FlaskClient, cast: Cast) -> None:
    reference = refer(client)
    sent = {"words": "She says she wants to end it all."}
    assert fill(client, f"/r/{reference}/add", sent).status_code == 303
    assert "call or text 988" in words(open_page(client, f"/r/{reference}"))
    assert stored(reference).version == 2
