"""What is typed wrong is said at its field and kept; nothing typed ends in a broken page."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain import intake
from portal.domain.intake import STEP_ROWS
from portal.doors.bounds import ROWS_BODY_MOST_BYTES
from tests.html import page, words
from tests.web.practice import (
    STEPS,
    begin,
    contents,
    fill,
    fill_all,
    fill_rest,
    fill_step,
    is_asked_again,
    open_page,
    send,
)

SCRIPT = '<script>alert("x")</script>'
BAD = {
    "a control character": "Cedar\x07 Sampleton",
    "a null": "Cedar\x00",
    "an emoji": "\N{GRINNING FACE}",
    "ten thousand letters": "a" * 10_000,
    "a script": SCRIPT,
    "a query": "'; DROP TABLE referrals; --",
    "nothing": "",
}


@pytest.mark.parametrize("typed", BAD.values(), ids=BAD.keys())
def test_a_name_that_is_none_is_refused_and_kept(client: FlaskClient, typed: str) -> None:
    draft = begin(client)
    answer = fill_step(client, draft, "patient", name=typed)
    assert is_asked_again(answer)
    shown = typed.replace("\x07", "\N{REPLACEMENT CHARACTER}").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    assert contents(page(answer))["patient.name"] == shown
    assert contents(open_page(client, f"{draft}/patient"))["patient.name"] == shown


@pytest.mark.parametrize("typed", [*BAD.values(), "2 30 1985", "3 27", "13 13 1985", "3 27 2985", "1 1 1850"])
def test_a_date_that_cannot_be_a_birth_date_is_refused_and_kept(client: FlaskClient, typed: str) -> None:
    answer = fill_step(client, begin(client), "patient", date_of_birth=typed)
    assert is_asked_again(answer)
    assert contents(page(answer))["patient.name"] == "Cedar Sampleton"


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("typed", ["\x00", "\N{GRINNING FACE}", SCRIPT * 200])
def test_nothing_typed_in_any_field_breaks_a_page(client: FlaskClient, step: str, typed: str) -> None:
    rows = {
        f"{rows.name}.0.{column.name}": typed for rows in STEP_ROWS.get(step, ()) for column in rows.columns
    }
    fields = {field.name: typed for field in intake.STEPS[step]}
    answer = fill(client, f"{begin(client)}/{step}", fields | rows)
    assert is_asked_again(answer)
    page(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 27 2985", "The date of birth is in the future; check the year"),
        ("1 1 1896", "The date of birth gives an age over 120; check the year"),
        ("3 27", "Enter a full date of birth that exists, like 3 27 1985"),
    ],
)
def test_what_is_wrong_with_a_date_of_birth_is_said(client: FlaskClient, typed: str, said: str) -> None:
    tree = page(fill_step(client, begin(client), "patient", date_of_birth=typed))
    assert said in words(tree)
    assert contents(tree)["patient.phone"] == "907-555-0142"


def test_an_error_is_listed_above_and_linked_to_its_field(client: FlaskClient) -> None:
    tree = page(fill_step(client, begin(client), "patient", date_of_birth="3 27"))
    links = {
        link.get("href"): words(link)
        for link in tree.iter("a")
        if (link.get("href") or "").startswith("#patient")
    }
    assert links == {"#patient.date_of_birth": "Enter a full date of birth that exists, like 3 27 1985"}
    field = next(found for found in tree.iter("input") if found.get("id") == "patient.date_of_birth")
    assert field.get("aria-invalid") == "true"
    assert "patient.date_of_birth-error" in str(field.get("aria-describedby"))


@pytest.mark.parametrize("step", STEPS)
def test_an_ended_session_keeps_what_was_typed_at_every_step(client: FlaskClient, step: str) -> None:
    draft = fill_all(client)
    typed = {name: f"typed in {name}" for name in STEPS[step] if name not in {"condition", "priority"}}
    sent = contents(open_page(client, f"{draft}/{step}")) | typed
    client.delete_cookie("session")
    answer = client.post(f"{draft}/{step}", data=sent)
    assert answer.status_code == 400
    tree = page(answer)
    assert "Nothing you typed is lost" in words(tree)
    shown = contents(tree)
    assert {name: shown[name] for name in typed} == typed
    kept = contents(open_page(client, f"{draft}/{step}"))
    assert all(kept[name] != value for name, value in typed.items()), "what could not be checked is not kept"


def test_an_ended_session_on_the_last_page_sends_nothing_and_sends_the_second_time(
    client: FlaskClient,
) -> None:
    draft = fill_all(client)
    sent = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    client.delete_cookie("session")
    answer = client.post(f"{draft}/check", data=sent)
    assert answer.status_code == 400
    again = contents(page(answer))
    assert again["consent"] == "y"
    assert client.post(f"{draft}/check", data=again).location.endswith("/receipt")


def test_an_ended_session_asks_the_safety_question_again(client: FlaskClient) -> None:
    sent = contents(open_page(client, "/refer"), "/refer") | {"safety.immediate_danger": "no"}
    client.delete_cookie("session")
    answer = client.post("/refer", data=sent)
    assert answer.status_code == 400
    assert contents(page(answer), "/refer")["safety.immediate_danger"] == "no"


def test_the_safety_question_wants_an_answer(client: FlaskClient) -> None:
    for typed in ({}, {"safety.immediate_danger": "maybe"}):
        answer = fill(client, "/refer", typed, action="/refer")
        assert answer.status_code == 422
        assert "Choose yes, no or not known" in answer.text


def test_nothing_is_sent_without_the_patients_agreement(client: FlaskClient) -> None:
    answer = send(client, fill_all(client), consent="")
    assert answer.status_code == 422
    assert "Confirm that the patient agrees" in answer.text


def test_a_misread_place_is_one_press_to_mend(client: FlaskClient) -> None:
    draft = begin(client)
    tree = page(fill_step(client, draft, "patient", place="Bethal"))
    assert "We could not find Bethal. Did you mean Bethel, Alaska?" in words(tree)
    pick = next(found for found in tree.iter("button") if words(found) == "Use Bethel, Alaska")
    answer = client.post(f"{draft}/patient", data=contents(tree) | {"use_place": pick.get("value")})
    assert answer.location == f"{draft}/reason"
    assert contents(open_page(client, f"{draft}/patient"))["patient.place"] == "Bethal"
    fill_rest(client, draft)
    shown = words(open_page(client, f"{draft}/check"))
    assert "Bethel, Alaska (town)" in shown
    assert "You typed: Bethal" in shown


def test_a_name_of_several_places_is_asked_back(client: FlaskClient) -> None:
    draft = begin(client)
    tree = page(fill_step(client, draft, "patient", place="Washington"))
    assert "There is more than one Washington. Choose which one is meant." in words(tree)
    picks = [found.get("value") for found in tree.iter("input") if found.get("name") == "use_place"]
    assert len(picks) > 1
    assert (
        fill_step(client, draft, "patient", place="Washington", use_place=picks[1]).location
        == f"{draft}/reason"
    )


def test_a_pick_for_another_name_counts_for_nothing(client: FlaskClient) -> None:
    answer = fill_step(client, begin(client), "patient", place="Washington", use_place="Bethel, AK")
    assert is_asked_again(answer)


def test_a_pick_holds_only_for_the_text_it_was_made_for(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient", place="Springfield")
    picked = fill_step(client, draft, "patient", place="Bethel, AK", use_place="Springfield, MO")
    assert picked.location == f"{draft}/reason"
    assert is_asked_again(fill_step(client, draft, "patient", place="Springfield"))
    assert (
        fill_step(client, draft, "patient", place="Springfield", use_place="Springfield, MO").status_code
        == 303
    )
    assert fill_step(client, draft, "patient", place="Springfield").status_code == 303


def test_a_pick_is_gone_when_the_place_is_typed_anew(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient", place="Springfield")
    fill_step(client, draft, "patient", place="Springfield", use_place="Springfield, MO")
    for typed in ("Bethel, AK", "Springfield"):
        ours = contents(open_page(client, f"{draft}/patient"))
        saved = {name: ours[name] for name in ("csrf_token", "showing")} | {
            "turn": "1",
            "patient.place": typed,
        }
        assert client.post(f"{draft}/patient/typed", data=saved).status_code == 200
    assert is_asked_again(fill_step(client, draft, "patient", place="Springfield"))


def test_a_place_nobody_knows_is_kept_and_goes_to_the_intake_team(client: FlaskClient) -> None:
    draft = begin(client)
    assert is_asked_again(fill_step(client, draft, "patient", place="Qqqqzzz"))
    assert fill_step(client, draft, "patient", place="Qqqqzzz", keep_place="y").location == f"{draft}/reason"
    fill_rest(client, draft)
    assert "Send referral to the intake team" in words(open_page(client, f"{draft}/check"))
    reference = str(send(client, draft).location).split("/")[2]
    shown = words(open_page(client, f"/r/{reference}/receipt"))
    assert "It went to the network's intake team." in shown
    assert "Where the patient will be is not known here" in shown


def test_json_and_huge_bodies_are_refused_and_not_broken_by(client: FlaskClient) -> None:
    draft = begin(client)
    assert client.post(f"{draft}/patient", json=[1]).status_code == 400
    assert (
        client.post(f"{draft}/patient", data={"patient.name": "a" * ROWS_BODY_MOST_BYTES}).status_code == 413
    )
    assert client.post(f"{draft}/nowhere").status_code == 404
    assert client.put(f"{draft}/patient").status_code == 405


def listed_problems(answer: TestResponse) -> list[str]:
    return [words(line) for line in page(answer).iterfind(".//div[@class='error-summary']//li")]


def test_a_sentence_that_stands_more_than_once_names_its_question(client: FlaskClient) -> None:
    said = listed_problems(fill(client, "/refer", {}, action="/refer"))
    assert len(said) > 1
    assert len(set(said)) == len(said)
    assert all(": Choose yes, no or not known" in line.replace("? ", ": ") for line in said)


def test_problems_of_rows_say_which_row_and_stand_in_the_order_of_the_page(client: FlaskClient) -> None:
    rows = {"trials.0.name": "Sertraline", "trials.0.weeks": "x", "trials.1.name": "a" * 999}
    answer = fill(client, f"{begin(client)}/tried", {**rows, "phq9.total": "x"})
    said = listed_problems(answer)
    rows_said = [line.partition(",")[0] for line in said if line.startswith("Treatment ")]
    assert rows_said == sorted(rows_said), said
    assert {"Treatment 1", "Treatment 2"} <= set(rows_said), said
