"""A secretary sends a referral by the form, one topic a screen, without a script."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from portal.doors.world import EXTENSION, world_of
from tests.build import SAFE, stored
from tests.cast import ANCHORAGE, FAIRBANKS
from tests.html import words
from tests.web.practice import begin, contents, fill_all, fill_step, open_page, refer, send


def test_the_first_question_is_about_danger_and_nothing_is_chosen(client: FlaskClient) -> None:
    tree = open_page(client, "/refer")
    assert "Is anyone in immediate danger now?" in words(tree)
    assert "safety.immediate_danger" not in contents(tree, "/refer")


def test_seven_screens_make_a_referral_for_the_nearest_clinic(client: FlaskClient) -> None:
    reference = refer(client)
    referral = stored(reference)
    assert referral.answers["patient"]["name"] == "Cedar Sampleton"
    assert referral.answers["patient"]["date_of_birth"] == "1985-03-27"
    assert referral.answers["patient"]["phone"] == "+19075550142"
    assert "Ketwell Alaska, Fairbanks" in words(open_page(client, f"/r/{reference}/receipt"))


def test_who_will_read_the_answers_is_told_before_the_patient_is_named(client: FlaskClient) -> None:
    shown = words(open_page(client, f"{begin(client)}/patient"))
    assert "staff of the clinic that holds this referral" in shown
    assert "intake team and medical lead" in shown
    assert "If it moves to another clinic, that clinic's staff see it then." in shown


def test_the_draft_is_opened_by_a_cookie_and_not_by_its_address(client: FlaskClient) -> None:
    draft = begin(client)
    name = draft.rpartition("/")[2]
    cookie = client.get_cookie(f"draft-{name}")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.value not in draft
    stranger = client.application.test_client()
    assert stranger.get(f"{draft}/patient").status_code == 404


def test_on_https_the_key_is_bound_to_this_host(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world_of(client.application)
    settings = here.settings.model_copy(update={"public_url": "https://referrals.example"})
    form = contents(open_page(client, "/refer"), "/refer") | SAFE
    monkeypatch.setitem(client.application.extensions, EXTENSION, replace(here, settings=settings))
    cookies = client.post("/refer", data=form).headers.getlist("Set-Cookie")
    bound = next(cookie for cookie in cookies if cookie.startswith("__Host-draft-"))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=2592000"} <= set(bound.split("; "))
    assert "Domain" not in bound


def test_a_wrong_key_is_answered_with_a_way_to_start_again(client: FlaskClient) -> None:
    draft = begin(client)
    stranger = client.application.test_client()
    stranger.set_cookie(f"draft-{draft.rpartition('/')[2]}", "a guess")
    answer = stranger.get(f"{draft}/patient")
    assert answer.status_code == 404
    assert "Start a new referral" in answer.text


def test_two_drafts_in_two_tabs_do_not_mix(client: FlaskClient) -> None:
    first, second = begin(client), begin(client)
    fill_step(client, first, "patient", name="Birch Testerly")
    fill_step(client, second, "patient", name="Ember Placebo")
    assert contents(open_page(client, f"{first}/patient"))["patient.name"] == "Birch Testerly"
    assert contents(open_page(client, f"{second}/patient"))["patient.name"] == "Ember Placebo"


def test_an_unfinished_form_is_offered_again_in_the_same_browser(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    links = [link.get("href") for link in open_page(client, "/refer").iter("a")]
    assert draft in links
    assert client.get(draft).location == f"{draft}/reason"


def test_the_steps_are_named_and_those_that_are_done_lead_back(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    steps = next(
        found
        for found in open_page(client, f"{draft}/reason").iter("nav")
        if found.get("aria-label") == "Steps"
    )
    names = [words(step).removesuffix(", done") for step in steps.iter("li")]
    assert names == [
        "Safety",
        "Patient",
        "3. Reason",
        "4. What was tried",
        "5. Safety checklist",
        "6. Your practice",
        "7. Check and send",
    ]
    assert [link.get("href") for link in steps.iter("a")] == [f"{draft}/safety", f"{draft}/patient"]


def test_a_draft_can_be_deleted(client: FlaskClient) -> None:
    draft = begin(client)
    token = contents(open_page(client, f"{draft}/later"), f"{draft}/discard")
    assert client.post(f"{draft}/discard", data=token).status_code == 303
    assert client.get(f"{draft}/patient").status_code == 404


def test_the_last_page_waits_for_the_steps_before_it(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    answer = client.get(f"{draft}/check")
    assert answer.location == f"{draft}/reason"


def test_changing_an_answer_leads_straight_back_to_the_last_page(client: FlaskClient) -> None:
    draft = fill_all(client)
    answer = fill_step(client, draft, "patient", place="Bethel")
    assert answer.location == f"{draft}/check"
    assert "Bethel, Alaska" in words(open_page(client, f"{draft}/check"))


def test_the_preview_names_the_clinic_its_distance_and_what_was_left_out(client: FlaskClient) -> None:
    draft = fill_all(client, place="Bethel")
    tree = open_page(client, f"{draft}/check")
    assert contents(tree)["clinic"] == ANCHORAGE
    assert "Suggested. 400 miles in a straight line." in words(tree)
    assert "Daydream MD" in words(tree)
    assert "Not offered: not accepting referrals here." in words(tree)
    assert "Send referral to Anchorage" in words(tree)
    assert "consent" not in contents(tree)


def test_a_short_way_starts_with_a_capital_after_a_full_stop(client: FlaskClient) -> None:
    beside_the_clinic = "64.8376, -147.74"
    shown = words(open_page(client, f"{fill_all(client, place=beside_the_clinic)}/check"))
    assert "Suggested. Less than 1 mile in a straight line." in shown


def test_another_clinic_can_be_chosen(client: FlaskClient) -> None:
    draft = fill_all(client, place="Bethel")
    answer = send(client, draft, clinic=FAIRBANKS, send_to=FAIRBANKS)
    reference = str(answer.location).split("/")[2]
    shown = words(open_page(client, f"/r/{reference}/receipt"))
    assert "It went to Ketwell Alaska, Fairbanks." in shown
    assert "The practice that refers chose it" in shown


def test_without_the_script_the_button_names_a_new_choice_before_it_sends(client: FlaskClient) -> None:
    draft = fill_all(client, place="Bethel")
    answer = send(client, draft, clinic=FAIRBANKS)
    assert answer.status_code == 422
    assert "Send referral to Fairbanks" in answer.text
    assert send(client, draft).location.endswith("/receipt")


def test_a_clinic_chosen_before_the_form_is_kept_when_it_suits(client: FlaskClient) -> None:
    draft = fill_all(client, path=f"/refer?clinic={FAIRBANKS}", place="Bethel")
    assert contents(open_page(client, f"{draft}/check"))["clinic"] == FAIRBANKS


def test_a_clinic_that_takes_no_referrals_is_said_to_and_passed_over(client: FlaskClient) -> None:
    draft = fill_all(client, path="/refer?clinic=daydream-md-san-diego")
    tree = open_page(client, f"{draft}/check")
    assert "The clinic you chose cannot take this referral. Not accepting referrals here." in words(tree)
    assert contents(tree)["clinic"] == FAIRBANKS


def test_a_patient_under_18_is_not_filed_and_the_page_says_where_to_turn(client: FlaskClient) -> None:
    draft = begin(client)
    answer = fill_step(client, draft, "patient", date_of_birth="3 27 2015")
    assert answer.location == f"{draft}/under-18"
    assert "adults only" in words(open_page(client, f"{draft}/under-18"))
    for step in ("reason", "tried", "checklist", "practice"):
        answer = fill_step(client, draft, step)
        assert answer.location == f"{draft}/under-18"
    assert client.get(f"{draft}/check").location == f"{draft}/under-18"
    assert fill_step(client, draft, "patient").location == f"{draft}/check"
