"""Danger stops a referral on the server, whatever the browser asks for; only a reason takes the answer back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.actions import drafts
from portal.db import db
from portal.domain.drafts import DraftKey
from portal.domain.errors import Changed
from portal.domain.safety import DANGER, Said
from portal.models import Draft, Referral
from tests.build import ALARM, NOW, SAFE, TYPED, stored
from tests.cast import FAIRBANKS
from tests.html import page, words
from tests.web.practice import STEPS, begin, contents, fill, fill_all, fill_step, open_page, send


def stop(draft: str) -> None:
    """Stop a draft from another tab."""
    name = draft.rpartition("/")[2]
    digest = db.session.scalars(sa.select(Draft.key_digest).where(Draft.name == name)).one()
    drafts.say(
        DraftKey(name, digest),
        said=Said(at=NOW, answers={DANGER: "yes"}),
        keep_for=timedelta(days=36_500),
        alarm=ALARM,
    )


def count_referrals() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(Referral)).one()


def test_danger_shows_whom_to_call_and_files_nothing(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    assert client.get(draft).location == f"{draft}/stopped"
    tree = open_page(client, f"{draft}/stopped")
    calls = {link.get("href") for link in tree.find(".//main").iter("a")}
    assert {"tel:911", "tel:988", "sms:988", "tel:+18772664357"} <= calls
    assert "Nothing was sent" in words(tree)


def test_the_crisis_page_says_that_answers_are_kept_only_where_there_are_some(client: FlaskClient) -> None:
    draft = begin(client, danger="yes", path=f"/refer?clinic={FAIRBANKS}")
    assert "answers are kept" not in words(open_page(client, f"{draft}/stopped"))
    draft = fill_all(client)
    stop(draft)
    assert "Your answers are kept in this draft until" in words(open_page(client, f"{draft}/stopped"))


def test_nothing_above_the_crisis_page_speaks_of_finishing_later(client: FlaskClient) -> None:
    draft = fill_all(client)
    above = {"patient": words(open_page(client, f"{draft}/patient").find(".//header"))}
    fill_step(client, draft, "patient", date_of_birth="3 27 2015")
    above["under-18"] = words(open_page(client, f"{draft}/under-18").find(".//header"))
    stop(draft)
    above["stopped"] = words(open_page(client, f"{draft}/stopped").find(".//header"))
    said = {name for name, shown in above.items() if "Saved" in shown or "Finish later" in shown}
    assert said == {"patient"}


@pytest.mark.parametrize("page_name", [*STEPS, "check", "under-18"])
def test_every_page_of_a_stopped_draft_leads_to_the_crisis_page(client: FlaskClient, page_name: str) -> None:
    draft = fill_all(client)
    stop(draft)
    answer = client.get(f"{draft}/{page_name}")
    assert answer.status_code == 303
    assert answer.location == f"{draft}/stopped"


@pytest.mark.parametrize("page_name", [*STEPS, "check"])
def test_a_stopped_draft_takes_nothing_by_a_direct_post(client: FlaskClient, page_name: str) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/{page_name}")) | {"consent": "y"}
    stop(draft)
    answer = client.post(f"{draft}/{page_name}", data=form | {"reason": "Changed"})
    assert answer.location == f"{draft}/stopped"
    assert count_referrals() == 0


def test_back_does_not_clear_the_stop(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    answer = client.post(f"{draft}/patient", data=TYPED)
    assert answer.location == f"{draft}/stopped"
    assert client.get(f"{draft}/patient").location == f"{draft}/stopped"


@pytest.mark.parametrize("page_name", ["safety", "checklist"])
def test_of_an_answer_that_is_sent_twice_the_yes_counts(client: FlaskClient, page_name: str) -> None:
    draft = fill_all(client)
    path = f"{draft}/{page_name}"
    name = DANGER if page_name == "safety" else "now.medical_emergency"
    form = contents(open_page(client, path), path if page_name == "safety" else None)
    client.post(path, data=form | {name: ["no", "yes"]})
    assert client.get(draft).location == f"{draft}/stopped"


def test_taking_the_answer_back_needs_a_reason(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    answer = fill(client, f"{draft}/safety", {"safety.immediate_danger": "no"}, action=f"{draft}/safety")
    assert answer.status_code == 422
    assert "Enter an answer" in words(page(answer))
    assert client.get(f"{draft}/patient").location == f"{draft}/stopped"


def test_both_answers_are_kept_with_the_referral(client: FlaskClient) -> None:
    draft = fill_all(client)
    stop(draft)
    said = {"safety.immediate_danger": "no", "safety.reason": "Pressed the wrong one"}
    answer = fill(client, f"{draft}/safety", said, action=f"{draft}/safety")
    assert client.get(answer.location).location == f"{draft}/check"
    assert ": Pressed the wrong one" in words(open_page(client, f"{draft}/check"))
    reference = str(send(client, draft).location).split("/")[2]
    kept = stored(reference).answers["safety"]
    assert [answer["answers"][DANGER] for answer in kept] == ["no", "yes", "no"]
    assert kept[-1]["reason"] == "Pressed the wrong one"


def test_danger_can_be_told_at_any_step_without_a_reason(client: FlaskClient) -> None:
    draft = fill_all(client)
    answer = fill(client, f"{draft}/safety", {"safety.immediate_danger": "yes"}, action=f"{draft}/safety")
    assert answer.location == f"{draft}/stopped"


def test_an_ended_session_keeps_the_reason(client: FlaskClient) -> None:
    draft = begin(client, danger="yes")
    form = contents(open_page(client, f"{draft}/safety"), f"{draft}/safety")
    client.delete_cookie("session")
    typed = {"safety.immediate_danger": "no", "safety.reason": "Pressed the wrong one"}
    answer = client.post(f"{draft}/safety", data=form | typed)
    assert answer.status_code == 400
    assert contents(page(answer), f"{draft}/safety")["safety.reason"] == "Pressed the wrong one"


def begin_with(client: FlaskClient, said: dict[str, str]) -> str:
    return str(fill(client, "/refer", said, action="/refer").location).rpartition("/")[0]


@pytest.mark.parametrize(
    "said",
    [
        {"safety.immediate_danger": "yes"},
        {"safety.plan": "yes"},
        {"safety.thoughts": "no", "safety.intent": "yes"},
        {"safety.attempt": "no", "safety.attempt_within_3_months": "yes"},
        {"safety.not_asked": "The clinic closed", "safety.immediate_danger": "Yes"},
        {"safety.wish_to_be_dead": "perhaps", "safety.immediate_danger": "yes"},
    ],
)
def test_a_danger_stops_at_once_whatever_else_is_open_or_contradicts_it(
    client: FlaskClient, said: dict[str, str]
) -> None:
    draft = begin_with(client, said)
    assert client.get(draft).location == f"{draft}/stopped"


@pytest.mark.parametrize("value", ["perhaps", "1", "none"])
def test_what_is_no_answer_begins_no_form(client: FlaskClient, value: str) -> None:
    answer = fill(client, "/refer", SAFE | {"safety.thoughts": value}, action="/refer")
    assert answer.status_code == 422
    assert "Choose yes, no or not known" in words(page(answer))


@pytest.mark.parametrize(
    ("said", "first", "lead", "poison"),
    [
        ({"safety.plan": "yes"}, "tel:988", "act on thoughts of suicide", False),
        ({"safety.immediate_danger": "yes"}, "tel:911", "there may be danger now", True),
        ({"now.medical_emergency": "yes"}, "tel:911", "signs of a medical emergency", False),
        ({"now.intoxicated": "yes"}, "tel:911", "intoxicated and not safe", True),
        ({"now.harm_to_others": "yes"}, "tel:911", "another person may be harmed", False),
    ],
)
def test_the_crisis_page_fits_the_rule_that_fired(
    client: FlaskClient, said: dict[str, str], first: str, lead: str, poison: bool
) -> None:
    draft = begin(client)
    way = f"{draft}/checklist" if "now." in next(iter(said)) else f"{draft}/safety"
    fill(client, way, said, action=None if way.endswith("checklist") else way)
    main = open_page(client, f"{draft}/stopped").find(".//main")
    calls = [link.get("href") for link in main.iter("a") if link.get("class", "").startswith("call")]
    assert calls[0] == first
    assert {"tel:911", "tel:988", "sms:988", "sms:838255", "tel:+18772664357"} <= set(calls)
    assert ("tel:+18002221222" in calls) is poison
    text = words(main)
    assert lead in text
    assert "press 3" not in text.replace("\N{NO-BREAK SPACE}", " ").lower()
    for part in (
        "Veterans press 1, Spanish press 2",
        "health aide",
        "VPSO",
        "Nobody reads this form right away",
    ):
        assert part in text
    assert main.find(".//*[@role='alert']/h1").get("autofocus") is not None


def test_a_danger_told_on_a_later_page_can_be_taken_back_with_a_reason(client: FlaskClient) -> None:
    draft = begin(client)
    fill(client, f"{draft}/checklist", {"now.medical_emergency": "yes"})
    assert client.get(draft).location == f"{draft}/stopped"
    typed = {"now.medical_emergency": "no", "safety.reason": "It was last year"}
    assert (
        fill(client, f"{draft}/safety", {"now.medical_emergency": "no"}, action=f"{draft}/safety").status_code
        == 422
    )
    assert fill(client, f"{draft}/safety", typed, action=f"{draft}/safety").location == draft
    assert client.get(draft).location == f"{draft}/patient"


def test_a_very_high_blood_pressure_is_asked_about_and_stops_with_symptoms(client: FlaskClient) -> None:
    draft = begin(client)
    for symptoms in ("", "not_known"):
        answer = fill(
            client,
            f"{draft}/checklist",
            {"vitals.blood_pressure": "186/122", "now.medical_emergency": symptoms},
        )
        assert "say whether there are symptoms now" in answer.text
    fill(client, f"{draft}/checklist", {"now.medical_emergency": "yes"})
    assert client.get(draft).location == f"{draft}/stopped"


def test_a_tab_that_did_not_see_the_stop_cannot_clear_it(client: FlaskClient) -> None:
    draft = begin(client)
    name = draft.rpartition("/")[2]
    key = DraftKey(name, db.session.scalars(sa.select(Draft.key_digest).where(Draft.name == name)).one())
    forever = timedelta(days=36_500)
    drafts.save(key, typed={"now.intoxicated": "yes"}, now=NOW, keep_for=forever, alarm=ALARM)
    with pytest.raises(Changed):
        drafts.save(key, typed={"now.intoxicated": "no"}, now=NOW, keep_for=forever, alarm=ALARM)
    with pytest.raises(Changed):
        drafts.say(key, said=Said(at=NOW, answers={"now.intoxicated": "no"}), keep_for=forever, alarm=ALARM)
    assert client.get(draft).location == f"{draft}/stopped"


def test_what_is_typed_in_between_neither_stops_nor_clears(client: FlaskClient) -> None:
    draft = begin(client)
    token = contents(open_page(client, f"{draft}/checklist"))["csrf_token"]
    for value in ("yes", "no"):
        sent = {"csrf_token": token, "now.intoxicated": value}
        assert client.post(f"{draft}/checklist/typed", data=sent).status_code == 200
        assert client.get(draft).location == f"{draft}/patient"
