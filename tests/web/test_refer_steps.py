"""What a step asks, and what one press may answer: codes to pick from, "no" to all that are open, what is missing."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from portal.domain.intake.checklist import HOLDS
from tests.build import stored
from tests.html import page, words
from tests.web.practice import begin, contents, fill, fill_all, fill_step, is_asked_again, open_page, send


def group(tree: Any, heading: str) -> Any:
    return next(found for found in tree.iter("details") if words(found.find("summary")).startswith(heading))


def test_optional_questions_are_folded_away_and_say_how_many_are_answered(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/checklist", {"vitals.blood_pressure": "126/79"})
    found = group(open_page(client, f"{draft}/checklist"), "Vital signs")
    assert found.get("open") is None
    assert "1 of 7 answered" in words(found)


def test_a_folded_question_that_is_wrong_or_asked_for_is_open(client: FlaskClient) -> None:
    draft = fill_all(client)
    asked = open_page(client, f"{draft}/checklist?open=vitals.blood_pressure")
    assert group(asked, "Vital signs").get("open") is not None
    answer = fill(client, f"{draft}/checklist", {"vitals.blood_pressure": "low"})
    assert is_asked_again(answer)
    assert group(page(answer), "Vital signs").get("open") is not None


def test_a_code_that_is_too_general_offers_those_to_pick_from(client: FlaskClient) -> None:
    draft = fill_all(client)
    answer = fill(client, f"{draft}/reason", {"diagnosis.code": "f33"})
    assert is_asked_again(answer)
    tree = page(answer)
    assert "F33 Major depressive disorder, recurrent is too general" in words(tree)
    picks = {
        found.get("value"): words(found) for found in tree.iter("button") if found.get("name") == "use_code"
    }
    assert picks["F33.2"].startswith("F33.2 Major depressive disorder, recurrent severe")
    assert (
        client.post(f"{draft}/reason", data=contents(tree) | {"use_code": "F33.2"}).location
        == f"{draft}/check"
    )
    assert "F33.2 Major depressive disorder, recurrent severe" in words(open_page(client, f"{draft}/check"))


def test_a_code_that_is_picked_is_read_as_if_it_was_typed(client: FlaskClient) -> None:
    draft = fill_all(client)
    answer = fill(client, f"{draft}/reason", {"use_code": "<script>"})
    assert is_asked_again(answer)
    assert client.get(f"{draft}/check").location == f"{draft}/reason"


def test_a_code_that_does_not_fit_is_asked_about_and_stops_nobody(client: FlaskClient) -> None:
    draft = fill_all(client)
    assert fill(client, f"{draft}/reason", {"diagnosis.code": "G43.009"}).location == f"{draft}/check"
    for path in ("reason", "check"):
        assert "Check: G43.009" in words(open_page(client, f"{draft}/{path}"))
    assert send(client, draft).location.endswith("/receipt")


def test_no_to_all_that_are_open_answers_these_and_nothing_else(client: FlaskClient) -> None:
    draft = fill_all(client)
    path = f"{draft}/checklist"
    shown = contents(open_page(client, path))
    assert not HOLDS.keys() & shown.keys(), "nothing is chosen for anybody"
    answer = fill(
        client, path, {"checklist.heart": "yes", "checklist.eye": "not_known", "fill_no": "conditions"}
    )
    address, _, place = str(answer.location).partition("#")
    tree = open_page(client, address)
    found = group(tree, "Conditions that may hold treatment")
    assert (found.get("id"), found.get("open") is not None) == (place, True)
    answers = contents(tree)
    assert {answers[name] for name in HOLDS} == {"yes", "no", "not_known"}
    assert (answers["checklist.heart"], answers["checklist.eye"]) == ("yes", "not_known")
    assert "now.intoxicated" not in answers


def test_no_to_all_works_in_the_checklist_alone(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/practice", {"fill_no": "conditions"})
    assert not HOLDS.keys() & contents(open_page(client, f"{draft}/checklist")).keys()


def test_scores_of_pain_are_not_asked_for_depression(client: FlaskClient) -> None:
    draft = fill_all(client)
    assert "phq9.total" in contents(open_page(client, f"{draft}/tried"))
    assert "pain.worst" not in contents(open_page(client, f"{draft}/tried"))
    fill(client, f"{draft}/reason", {"condition": "crps"})
    assert "phq9.total" not in contents(open_page(client, f"{draft}/tried"))
    assert "pain.worst" in contents(open_page(client, f"{draft}/tried"))


def test_what_was_answered_before_the_condition_changed_stays_in_sight_until_it_is_taken_out(
    client: FlaskClient,
) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/tried", {"phq9.total": "21", "history.discharged_30_days": "no"})
    fill(client, f"{draft}/reason", {"condition": "crps"})
    tree = open_page(client, f"{draft}/tried")
    assert "Answered before the condition changed" in words(tree)
    assert contents(tree)["phq9.total"] == "21"
    assert "PHQ-9, total" in words(open_page(client, f"{draft}/check"))
    fill(client, f"{draft}/tried", {"leave_out": "yes"})
    assert "Answered before" not in words(open_page(client, f"{draft}/tried"))
    reference = str(send(client, draft).location).split("/")[2]
    assert "phq9.total" not in stored(reference).answers["more"]
    assert stored(reference).answers["more"]["history.discharged_30_days"] == "no"


def test_what_will_delay_triage_is_said_with_a_link_to_its_very_field(client: FlaskClient) -> None:
    draft = fill_all(client, place="Bethel")
    fill(client, f"{draft}/tried", {"tried.trials": "none"})
    tree = open_page(client, f"{draft}/check")
    assert "missing items will delay triage" in words(tree)
    link = next(found for found in tree.iter("a") if words(found) == "Add it now: The latest blood pressure")
    address, _, place = str(link.get("href")).partition("#")
    step = open_page(client, address)
    assert place == "vitals.blood_pressure"
    assert group(step, "Vital signs").get("open") is not None
    fill(client, address.partition("?")[0], {"vitals.blood_pressure": "126/79"})
    assert "The latest blood pressure" not in words(open_page(client, f"{draft}/check"))


def test_each_step_counts_what_helps_triage_at_the_clinic_once_the_condition_is_known(
    client: FlaskClient,
) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient", place="Bethel")
    assert "help triage" not in words(open_page(client, f"{draft}/reason"))
    fill_step(client, draft, "reason")
    shown = words(open_page(client, f"{draft}/practice"))
    assert "0 of 6 items that help triage at Ketwell Alaska, Anchorage are given" in shown
    fill(client, f"{draft}/checklist", {"checklist.medicines": "not_known"})
    assert "1 of 6 items" in words(open_page(client, f"{draft}/practice"))


def test_how_soon_says_why(client: FlaskClient) -> None:
    draft = fill_all(client)
    assert "You asked for routine, and no answer calls for sooner." in words(
        open_page(client, f"{draft}/check")
    )
    fill(client, f"{draft}/tried", {"phq9.total": "22"})
    shown = words(open_page(client, f"{draft}/check"))
    assert "You asked for routine. Severe depression scores: this makes it soon." in shown


def test_what_is_confirmed_by_sending_is_said_beside_the_agreement(client: FlaskClient) -> None:
    tree = open_page(client, f"{fill_all(client)}/check")
    shown = words(next(found for found in tree.iter("form") if found.get("method") == "post"))
    assert "What is said here is accurate" in shown
    assert "This is not an emergency: nobody reads it right away." in shown
    assert "You keep clinical responsibility until a clinic accepts." in shown


def test_why_it_is_urgent_is_asked_beside_the_wish(client: FlaskClient) -> None:
    draft = fill_all(client)
    assert "priority_reason" in contents(open_page(client, f"{draft}/reason"))
    answer = fill(client, f"{draft}/reason", {"priority": "urgent", "priority_reason": "Soon."})
    assert is_asked_again(answer)
    assert "Say why it is urgent, in 20 characters or more" in words(page(answer))
    reason = "Discharged from hospital last week and worse since then."
    assert fill(client, f"{draft}/reason", {"priority_reason": reason}).location == f"{draft}/check"
    assert reason in words(open_page(client, f"{draft}/check"))


def test_a_reason_for_urgent_is_left_out_of_another_wish(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/reason", {"priority": "soon", "priority_reason": "Worse."})
    assert "Worse." not in words(open_page(client, f"{draft}/check"))


@pytest.mark.parametrize(("typed", "told"), [("2019", "2019"), ("3 2019", "March 2019")])
def test_a_diagnosis_is_dated_as_exactly_as_it_was_told(client: FlaskClient, typed: str, told: str) -> None:
    draft = fill_all(client)
    assert fill(client, f"{draft}/reason", {"diagnosis.date": typed}).location == f"{draft}/check"
    assert f"Date of the diagnosis {told} " in words(open_page(client, f"{draft}/check"))


def test_every_code_of_a_list_is_told_however_it_is_parted(client: FlaskClient) -> None:
    draft = fill_all(client)
    fill(client, f"{draft}/reason", {"diagnosis.code": "F33.2,", "diagnosis.others": "F41.1 G47.33; R52"})
    shown = words(open_page(client, f"{draft}/reason"))
    for code in ("F33.2 Major", "F41.1 Generalized", "G47.33 Obstructive", "R52 Pain"):
        assert code in shown
