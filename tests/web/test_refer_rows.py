"""Rows of treatments, medicines and allergies are filled in without a script; none is lost and none is guessed."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.intake import ROWS
from tests.build import stored
from tests.html import page, words
from tests.web.practice import begin, contents, fill, fill_all, fill_step, is_asked_again, open_page, send

SERTRALINE = {"trials.0.kind": "medicine", "trials.0.name": "Sertraline", "trials.0.dose": "150", "trials.0.unit": "mg", "trials.0.weeks": "8"}  # fmt: skip
BUPROPION = {"trials.1.kind": "medicine", "trials.1.name": "Bupropion", "trials.1.dose": "100", "trials.1.unit": "mg", "trials.1.weeks": "4"}  # fmt: skip


def at_tried(client: FlaskClient) -> str:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill_step(client, draft, "reason")
    return draft


def press(client: FlaskClient, path: str, typed: dict[str, str]) -> tuple[TestResponse, Any]:
    """Type, press a button that does not go on, and return the answer with the tree it leads to."""
    answer = fill(client, path, typed)
    assert answer.status_code == 303, answer.text
    return answer, open_page(client, str(answer.location).partition("#")[0])


def names(tree: Any) -> dict[str, str]:
    return {name: value for name, value in contents(tree).items() if name.startswith("trials.") and value}


def test_another_row_is_added_and_the_first_question_of_it_is_led_to(client: FlaskClient) -> None:
    path = f"{at_tried(client)}/tried"
    assert "trials.1.name" not in contents(open_page(client, path))
    answer, tree = press(client, path, SERTRALINE | {"add": "trials"})
    assert str(answer.location).endswith("#trials.1.kind")
    assert names(tree) == SERTRALINE
    assert contents(tree)["trials.1.name"] == ""


def test_a_row_is_removed_and_the_later_ones_move_up(client: FlaskClient) -> None:
    path = f"{at_tried(client)}/tried"
    press(client, path, SERTRALINE | {"add": "trials"})
    press(client, path, BUPROPION | {"add": "trials"})
    answer, tree = press(client, path, {"remove": "trials.0"})
    assert str(answer.location).endswith("#trials")
    assert names(tree) == {name.replace(".1.", ".0."): value for name, value in BUPROPION.items()}


@pytest.mark.parametrize(
    "gone", ["trials.7", "trials.x", "trials", "nothing.0", "trials.\N{SUPERSCRIPT TWO}"]
)
def test_a_row_that_is_not_there_is_not_removed(client: FlaskClient, gone: str) -> None:
    path = f"{at_tried(client)}/tried"
    fill(client, path, SERTRALINE)
    fill(client, path, {"remove": gone})
    assert names(open_page(client, path)) == SERTRALINE


def test_the_enter_key_goes_on_and_neither_adds_nor_removes(client: FlaskClient) -> None:
    path = f"{at_tried(client)}/tried"
    fill(client, path, SERTRALINE)
    form = next(found for found in open_page(client, path).iter("form") if found.get("method") == "post")
    first = next(found for found in form.iter("button") if found.get("type") == "submit")
    assert words(first) == "Continue"
    assert first.get("name") is None


def test_what_is_wrong_in_a_row_is_listed_above_and_linked_to_its_cell(client: FlaskClient) -> None:
    typed = SERTRALINE | {"trials.0.dose": "a lot", "trials.0.started": "3 2099"}
    answer = fill(client, f"{at_tried(client)}/tried", typed)
    assert is_asked_again(answer)
    tree = page(answer)
    links = {link.get("href") for link in tree.iter("a") if str(link.get("href")).startswith("#trials.")}
    assert links == {"#trials.0.dose", "#trials.0.started"}
    assert "Treatment 1, highest dose: enter the dose as a number from 0.01 to 10,000" in words(tree)
    cells = {found.get("id"): found for found in tree.iter("input") if found.get("aria-invalid") == "true"}
    assert set(cells) == {"trials.0.dose", "trials.0.started"}
    assert cells["trials.0.dose"].get("aria-describedby") == "trials.0.dose-error"
    assert names(tree) == typed


def test_none_and_a_row_contradict_each_other(client: FlaskClient) -> None:
    answer = fill(client, f"{at_tried(client)}/tried", SERTRALINE | {"tried.trials": "none"})
    assert is_asked_again(answer)
    assert "A treatment is listed: choose “Listed above”, or clear the treatment" in words(page(answer))


def test_none_alone_is_an_answer(client: FlaskClient) -> None:
    draft = at_tried(client)
    assert fill(client, f"{draft}/tried", {"tried.trials": "none"}).location == f"{draft}/checklist"


def test_two_hundred_rows_are_kept_and_no_further_one_is_offered(client: FlaskClient) -> None:
    draft = at_tried(client)
    most = ROWS["medicines"].most
    typed = {f"medicines.{number}.name": f"Medicine {number}" for number in range(most)}
    assert fill(client, f"{draft}/checklist", typed).location == f"{draft}/tried"
    tree = open_page(client, f"{draft}/checklist")
    assert contents(tree)[f"medicines.{most - 1}.name"] == f"Medicine {most - 1}"
    assert "200 is the most that fits here." in words(tree)
    assert "medicines" not in {
        found.get("value") for found in tree.iter("button") if found.get("name") == "add"
    }


def test_more_rows_than_are_kept_are_said_and_the_rest_of_the_form_stays(client: FlaskClient) -> None:
    typed = {f"medicines.{number}.name": "M" for number in range(201)} | {"vitals.blood_pressure": "126/79"}
    answer = fill(client, f"{at_tried(client)}/checklist", typed)
    assert answer.status_code == 422
    tree = page(answer)
    assert "Send 200 rows or fewer; this has 201" in words(tree)
    assert contents(tree)["vitals.blood_pressure"] == "126/79"


def test_ten_thousand_rows_are_refused_at_once_and_what_was_saved_stays(client: FlaskClient) -> None:
    path = f"{at_tried(client)}/checklist"
    fill(client, path, {"vitals.blood_pressure": "126/79"})
    answer = fill(client, path, {f"medicines.{number}.name": "M" for number in range(10_000)})
    assert answer.status_code == 413
    assert contents(open_page(client, path))["vitals.blood_pressure"] == "126/79"


def test_rows_stand_in_the_referral_and_the_count_of_trials_is_shown_with_its_working(
    client: FlaskClient,
) -> None:
    draft = fill_all(client)
    press(client, f"{draft}/tried", SERTRALINE | {"add": "trials"})
    assert fill(client, f"{draft}/tried", BUPROPION).location == f"{draft}/check"
    for path in ("tried", "check"):
        shown = words(open_page(client, f"{draft}/{path}"))
        assert "1 adequate trial, which does not meet the network’s rule" in shown
        assert "Sertraline 150 mg for 8 weeks: counts" in shown
        assert "Bupropion 100 mg for 4 weeks: does not count" in shown
        assert "payers count in their own ways" in shown
    reference = str(send(client, draft).location).split("/")[2]
    kept = stored(reference).answers["more"]["trials"]
    assert [(row["name"], row["dose"], row["weeks"]) for row in kept] == [
        ("Sertraline", 150, 8),
        ("Bupropion", 100, 4),
    ]


def test_nothing_is_counted_where_no_depression_is_referred(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    fill_step(client, draft, "reason", condition="crps")
    fill(client, f"{draft}/tried", SERTRALINE)
    assert "adequate trial" not in words(open_page(client, f"{draft}/tried"))
