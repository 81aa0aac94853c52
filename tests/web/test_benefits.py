"""A benefits specialist sees who is sent where and how to call them, and not one clinical word, on any page."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.access import Permission
from portal.domain.lifecycle import Move
from portal.domain.queue import Filters, Viewer
from portal.domain.safety import DANGER, Said
from portal.domain.vocabulary import CONDITION_LABELS, Condition
from portal.queries import dossier, members, queue
from tests.build import NOW, SAFE, move, new_referral, send
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import open_page, press

CLINICAL = (
    "Two adequate trials",
    CONDITION_LABELS[Condition.TRD],
    "immediate danger",
    "Misread-then-corrected",
    "Which-dose-exactly",
    "A suicide-risk assessment",
    "Two-hundred-milligrams",
    "Not-safe-at-present",
    "A contraindication is confirmed",
    "Why this clinic",
)


@pytest.fixture
def reference(app: Flask, cast: Cast) -> str:
    """A referral with a clinical word in everything that can hold one."""
    answers = (
        Said(at=NOW, answers={DANGER: "yes"}),
        Said(at=NOW, answers=SAFE, reason="Misread-then-corrected"),
    )
    sent = send(replace(new_referral(), safety=answers)).reference
    birch = cast.actor("birch")
    move(sent, Move.CLAIM, birch)
    move(sent, Move.ASK, birch, words="Which-dose-exactly", code="IN07")
    move(sent, Move.ANSWER, birch, words="Two-hundred-milligrams")
    return sent


@pytest.fixture
def hazel(cast: Cast) -> FlaskClient:
    return cast.browser("hazel")


def assert_nothing_clinical(answer_text: str) -> None:
    assert [word for word in CLINICAL if word.lower() in answer_text.lower()] == []


def test_who_where_and_how_to_call_stand_on_the_referral_and_nothing_clinical(
    reference: str, hazel: FlaskClient, cast: Cast
) -> None:
    path = f"/staff/referrals/{reference}"
    whole = cast.browser("birch").get(path).text
    assert len([word for word in CLINICAL if word.lower() in whole.lower()]) >= 8
    answer = hazel.get(path)
    assert_nothing_clinical(answer.text)
    said = words(page(answer))
    for part in (
        "Cedar Sampleton",
        "907-555-0142",
        "Fairbanks",
        "In triage",
        "asked the referrer",
        "Health details are not part of your role",
        "No move is open to you here.",
    ):
        assert part in said, part


def test_the_queue_has_no_column_and_no_filter_for_it(reference: str, hazel: FlaskClient) -> None:
    tree = open_page(hazel, "/staff/queue")
    said = words(tree)
    assert reference in said
    assert "Condition" not in said
    assert_nothing_clinical(said)


def test_a_move_shows_no_form_and_is_refused(reference: str, hazel: FlaskClient) -> None:
    path = f"/staff/referrals/{reference}"
    for verb in Move:
        if verb is not Move.SUBMIT:
            assert_nothing_clinical(hazel.get(f"{path}/{verb}", follow_redirects=True).text)
    token = {"csrf_token": next(iter(open_page(hazel, path).findall(".//input"))).get("value")}
    typed = token | {"version": "4", "words": "x", "code": "DC01", "clinic": "x"}
    for refused in ("accept", "decline", "ask", "transfer", "release", "withdraw"):
        answer = hazel.post(f"{path}/{refused}", data=typed)
        assert answer.status_code == 403, refused
        assert_nothing_clinical(answer.text)


def test_a_closed_referral_and_a_found_one_say_nothing_clinical(
    reference: str, hazel: FlaskClient, cast: Cast
) -> None:
    move(reference, Move.DECLINE, cast.actor("birch"), words="Not-safe-at-present", code="DC03")
    assert_nothing_clinical(hazel.get(f"/staff/referrals/{reference}").text)
    answer = press(hazel, "/staff/find", "/staff/find", reference=reference)
    assert reference in answer.text
    assert_nothing_clinical(answer.text)


def test_a_stale_move_shows_what_changed_without_its_words(reference: str, hazel: FlaskClient) -> None:
    path = f"/staff/referrals/{reference}"
    token = next(iter(open_page(hazel, path).findall(".//input"))).get("value")
    answer = hazel.post(f"{path}/claim", data={"csrf_token": token, "version": "1"})
    assert answer.status_code == 409
    assert "asked the referrer" in words(page(answer))
    assert_nothing_clinical(answer.text)


def test_what_is_not_to_be_seen_does_not_leave_the_query_room(reference: str, cast: Cast) -> None:
    member_id = cast.member_id("hazel")
    held = members.get_memberships(db.session(), member_id)
    hazel = Viewer(member_id=member_id, memberships=held)
    found = dossier.get(db.session(), reference, hazel, NOW)
    assert found.held == {Permission.READ_REFERRALS}
    assert (found.new, found.decision) == (None, None)
    assert {(happening.words, happening.code) for happening in found.happenings} == {(None, None)}
    [row] = queue.page(db.session(), viewer=hazel, filters=Filters(), after=None, now=NOW).rows
    assert row.condition is None
    assert_nothing_clinical(repr(found) + repr(row))
