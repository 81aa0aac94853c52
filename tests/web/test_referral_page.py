"""A referral's page for staff: the facts in the order a nurse asks, and exactly the moves that are allowed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.domain.lifecycle import RULES, Move
from portal.domain.safety import DANGER, Said
from portal.doors.world import now
from tests.build import NOW, SAFE, move, new_referral, send
from tests.cast import Cast
from tests.html import words
from tests.web.desk import open_page


def path(reference: str) -> str:
    return f"/staff/referrals/{reference}"


def buttons(tree: Any, reference: str) -> set[str]:
    """The moves that the page offers, by the addresses they lead to."""
    start = f"{path(reference)}/"
    ways = [form.get("action") for form in tree.findall(".//form")]
    ways += [link.get("href") for link in tree.findall(".//a")]
    found = {way.removeprefix(start).removesuffix("#move") for way in ways if way.startswith(start)}
    return found & set(RULES)


def test_everything_a_nurse_asks_stands_there_safety_first(app: Flask, cast: Cast) -> None:
    reference = send().reference
    tree = open_page(cast.browser("dahlia"), path(reference))
    said = words(tree.find(".//main"))
    order = [
        "Cedar Sampleton",
        "Safety",
        "No immediate danger",
        "Claim",
        "First look",
        "Why now",
        "Two adequate trials without lasting response.",
        "907-555-0142",
        "Patient not told: call 907-555-0142",
        "Why this clinic",
        "Of the clinics that suit this referral it is the nearest.",
        "Chosen.",
        "Kept. Has not confirmed the ages it treats.",
        "Daydream MD, San Diego",
        "Dropped. Not accepting referrals here.",
        "Rules of",
        "Example Family Practice, Fairbanks",
        "referrals@example.com",
        "Timeline",
        "Aster Mockingham, MD sent it to Ketwell Alaska, Fairbanks",
    ]
    places = [said.find(words_) for words_ in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert [link.get("href") for link in tree.findall(".//a") if words(link) == "907-555-0142"] == [
        "tel:+19075550142"
    ]


def test_a_corrected_safety_answer_stands_with_its_reason_the_latest_first(app: Flask, cast: Cast) -> None:
    answers = (
        Said(at=NOW, answers={DANGER: "yes"}),
        Said(at=NOW + timedelta(minutes=2), answers=SAFE, reason="I read it wrongly."),
    )
    reference = send(replace(new_referral(), safety=answers)).reference
    said = words(open_page(cast.browser("dahlia"), path(reference)).find(".//section"))
    order = [
        "No immediate danger",
        "Corrected, because: I read it wrongly.",
        "Is anyone in immediate danger now? Yes",
        "answered first",
    ]
    assert [said.find(part) for part in order] == sorted(said.index(part) for part in order)


def test_the_title_and_the_address_name_no_patient(app: Flask, cast: Cast) -> None:
    reference = send().reference
    tree = open_page(cast.browser("dahlia"), path(reference))
    assert words(tree.find(".//title")) == f"Referral {reference} - Clinic Referrals"
    assert not [link.get("href") for link in tree.findall(".//a") if "Sampleton" in link.get("href")]


def test_a_reference_is_found_however_it_is_typed(app: Flask, cast: Cast) -> None:
    reference = send().reference
    open_page(cast.browser("dahlia"), path(reference.lower().replace("-", "")))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "dahlia",
            {"claim", "transfer", "withdraw"},
            {"accept", "ask", "transfer", "release", "decline", "withdraw"},
        ),
        ("aster", {"claim", "transfer", "withdraw"}, {"ask", "transfer", "withdraw", "release"}),
        (
            "birch",
            {"claim", "transfer", "withdraw"},
            {"accept", "ask", "transfer", "release", "decline", "withdraw"},
        ),
    ],
)
def test_the_page_offers_exactly_the_moves_that_are_allowed(
    app: Flask, cast: Cast, name: str, before: set[str], after: set[str]
) -> None:
    reference = send().reference
    browser = cast.browser(name)
    assert buttons(open_page(browser, path(reference)), reference) == before | {"add", "write"}
    move(reference, Move.CLAIM, cast.actor(name))
    assert buttons(open_page(browser, path(reference)), reference) == after | {"add", "write"}


def test_who_may_make_no_move_is_told_so(app: Flask, cast: Cast) -> None:
    reference = send(place=None).reference
    move(reference, Move.WITHDRAW, cast.actor("birch"), words="The patient moved away.")
    assert "No move is open to you here." in words(open_page(cast.browser("birch"), path(reference)))


def test_the_clocks_say_what_was_promised_and_stop_when_it_is_done(app: Flask, cast: Cast) -> None:
    reference, dahlia = send(now=now() - timedelta(hours=2)).reference, cast.actor("dahlia")
    page = cast.browser("dahlia")
    assert "First look in" in words(open_page(page, path(reference)))
    move(reference, Move.CLAIM, dahlia, now=now())
    move(reference, Move.ASK, dahlia, words="Which dose?", code="IN01", now=now())
    assert "First look done in 2 h" in words(open_page(page, path(reference)))
    move(reference, Move.WITHDRAW, dahlia, words="The patient moved away.", now=now())
    assert "First look" not in words(open_page(page, path(reference)))


def test_a_move_that_asks_for_nothing_has_no_page_of_its_own(app: Flask, cast: Cast) -> None:
    reference = send().reference
    for verb in ("claim", "accept"):
        answer = cast.browser("dahlia").get(f"{path(reference)}/{verb}")
        assert (answer.status_code, answer.headers["Location"]) == (302, path(reference))


def test_a_verb_outside_the_table_is_no_address(app: Flask, cast: Cast) -> None:
    reference = send().reference
    assert cast.browser("dahlia").post(f"{path(reference)}/discharge").status_code == 404


def test_the_timeline_names_who_did_what_with_reason_and_words(app: Flask, cast: Cast) -> None:
    reference, dahlia = send().reference, cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    move(reference, Move.ASK, dahlia, words="Which dose?", code="IN01", now=NOW + timedelta(hours=1))
    said = words(open_page(cast.browser("birch"), path(reference)))
    assert (
        "Dahlia Testerly, RN asked the referrer Treatments tried: dose, length, response. Which dose?" in said
    )
    assert "Monday 23 November, 12:00 pm" in said
