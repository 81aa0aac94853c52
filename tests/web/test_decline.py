"""Decline asks for a coded reason and words; the clinical reasons are the medical lead's."""

import pytest
from flask import Flask

from portal.domain.lifecycle import Move, Status
from tests.build import move, send, stored
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import field_value, make, open_page


@pytest.fixture
def claimed(app: Flask, cast: Cast) -> str:
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return reference


def codes(cast: Cast, name: str, reference: str) -> list[str]:
    tree = open_page(cast.browser(name), f"/staff/referrals/{reference}/decline")
    return [option.get("value") for option in tree.findall(".//select/option")]


def test_a_nurse_declines_for_her_reasons_and_the_lead_also_for_clinical_ones(
    claimed: str, cast: Cast
) -> None:
    assert codes(cast, "dahlia", claimed) == ["", "DC01", "DC02", "DC09"]
    assert codes(cast, "birch", claimed) == ["", "DC01", "DC02", "DC09", "DC03", "DC04", "DC05"]


def test_declining_with_a_reason_closes_it(claimed: str, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    make(dahlia, claimed, "decline", code="DC01", words="Already seen at the other clinic.")
    assert stored(claimed).status is Status.DECLINED
    said = words(open_page(dahlia, f"/staff/referrals/{claimed}"))
    assert "Duplicate, or already being treated elsewhere. Already seen at the other clinic." in said
    assert "Closed." in said


@pytest.mark.parametrize("code", ["", "DC03", "XX99", "dc01\x00"])
def test_a_code_that_is_not_this_members_is_refused_and_the_words_stay(
    claimed: str, cast: Cast, code: str
) -> None:
    answer = make(cast.browser("dahlia"), claimed, "decline", code=code, words="Not for us.")
    assert answer.status_code == 422
    tree = page(answer)
    assert "Choose a reason" in words(tree)
    assert field_value(tree, "words") == "Not for us."
    assert stored(claimed).status is Status.IN_TRIAGE


def test_everything_that_is_missing_is_said_at_once(claimed: str, cast: Cast) -> None:
    tree = page(make(cast.browser("dahlia"), claimed, "decline", code="", words=" "))
    links = tree.find(".//div[@role='alert']").findall(".//a")
    assert [link.get("href") for link in links] == ["#code", "#words"]


def test_a_coordinator_who_may_not_decline_is_told_so_and_keeps_the_words(claimed: str, cast: Cast) -> None:
    aster, path = cast.browser("aster"), f"/staff/referrals/{claimed}"
    token = field_value(open_page(aster, path), "csrf_token")
    typed = {"csrf_token": token, "version": "2", "code": "DC01", "words": "Not for us."}
    answer = aster.post(f"{path}/decline", data=typed)
    assert answer.status_code == 403
    said = words(page(answer))
    assert "Not done. Your role at this clinic does not make this move." in said
    assert "What you typed, to copy: Not for us." in said
    assert stored(claimed).status is Status.IN_TRIAGE
