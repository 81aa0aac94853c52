"""Danger stops a referral on the server, whatever the browser asks for; only a reason takes the answer back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.actions import drafts
from portal.db import db
from portal.domain.drafts import DraftKey
from portal.domain.safety import DANGER, Said
from portal.models import Draft, Referral
from tests.build import ALARM, NOW, TYPED, stored
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
