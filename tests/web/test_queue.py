"""The queue as a member sees it: who to look at next, the way to it, and the way out of an empty list."""

from datetime import timedelta
from typing import Any

from flask import Flask

from portal.domain.lifecycle import Move
from portal.domain.vocabulary import Tier
from portal.doors.world import now
from portal.queries import queue
from tests.build import ANCHORAGE_PLACE, move, new_referral, send
from tests.cast import Cast
from tests.html import words
from tests.web.desk import open_page

QUEUE = "/staff/queue"


def rows(tree: Any) -> list[str]:
    return [words(row) for row in tree.findall(".//tbody/tr")]


def links(tree: Any) -> dict[str, str]:
    return {words(link): link.get("href") for link in tree.findall(".//a")}


def test_a_row_says_what_is_due_who_it_is_about_and_whose_turn_it_is(app: Flask, cast: Cast) -> None:
    reference = send(new_referral(priority=Tier.URGENT), now=now() - timedelta(days=8)).reference
    move(reference, Move.CLAIM, cast.actor("dahlia"), now=now())
    tree = open_page(cast.browser("dahlia"), QUEUE)
    [row] = rows(tree)
    assert row.startswith("Urgent First look")
    for said in (
        " over due ",
        f"{reference} C. S., ",
        "Us, 8 days",
        "In triage, Dahlia Testerly, RN",
        "call",
    ):
        assert said in row, (said, row)
    assert links(tree)[reference] == f"/staff/referrals/{reference}"


def test_no_name_stands_in_the_list_the_title_or_an_address(app: Flask, cast: Cast) -> None:
    send()
    tree = open_page(cast.browser("dahlia"), QUEUE)
    assert "Sampleton" not in words(tree)
    assert words(tree.find(".//title")) == "Queue - Clinic Referrals"


def test_an_accepted_referral_is_due_by_what_was_promised(app: Flask, cast: Cast) -> None:
    for tier, due in ((Tier.URGENT, "Call the patient"), (Tier.ROUTINE, "First visit in")):
        reference = send(new_referral(priority=tier), now=now()).reference
        move(reference, Move.CLAIM, cast.actor("dahlia"))
        move(reference, Move.ACCEPT, cast.actor("dahlia"), words="We call.")
        assert any(due in row for row in rows(open_page(cast.browser("dahlia"), QUEUE))), due


def test_a_question_pauses_the_clock_and_an_answer_is_marked(app: Flask, cast: Cast) -> None:
    reference, dahlia = send(now=now()).reference, cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia, now=now())
    move(reference, Move.ASK, dahlia, words="Which dose?", code="IN01", now=now() - timedelta(hours=3))
    [row] = rows(open_page(cast.browser("dahlia"), QUEUE))
    assert "Reply asked 3 h ago clock paused since" in row
    move(reference, Move.ANSWER, dahlia, words="200 mg.", now=now())
    [row] = rows(open_page(cast.browser("dahlia"), QUEUE))
    assert "Answer came" in row


def test_filters_keep_their_ticks_and_say_how_many_they_stand_for(app: Flask, cast: Cast) -> None:
    send(new_referral(priority=Tier.URGENT))
    send()
    tree = open_page(cast.browser("dahlia"), f"{QUEUE}?tier=urgent&tier=nonsense")
    assert len(rows(tree)) == 1
    ticked = [box.get("id") for box in tree.findall(".//input") if box.get("checked") is not None]
    assert ticked == ["tier-urgent"]
    assert "All open 2" in links(tree)
    assert links(tree)["Clear filters"] == QUEUE


def test_the_clinic_is_told_only_where_there_are_several(app: Flask, cast: Cast) -> None:
    send()
    send(place=ANCHORAGE_PLACE)
    assert "Ketwell Alaska, Fairbanks" not in rows(open_page(cast.browser("dahlia"), QUEUE))[0]
    together = " ".join(rows(open_page(cast.browser("birch"), QUEUE)))
    assert "Ketwell Alaska, Fairbanks" in together
    assert "Ketwell Alaska, Anchorage" in together


def test_an_empty_queue_says_so(cast: Cast) -> None:
    tree = open_page(cast.browser("dahlia"), QUEUE)
    assert "No open referrals" in words(tree)
    assert "Clear filters" not in links(tree)


def test_a_queue_filtered_to_nothing_names_the_filters_and_the_way_back(app: Flask, cast: Cast) -> None:
    send()
    tree = open_page(cast.browser("dahlia"), f"{QUEUE}?tier=urgent&held=me")
    assert "you chose: Urgent, Me" in words(tree)
    assert links(tree)["Clear filters"] == QUEUE


def test_the_next_page_keeps_the_filters_and_goes_on(app: Flask, cast: Cast) -> None:
    sent = {send().reference for _ in range(queue.PAGE_ROWS + 2)}
    dahlia = cast.browser("dahlia")
    first = open_page(dahlia, f"{QUEUE}?tier=routine")
    following = links(first)["Next page"]
    assert "tier=routine" in following
    second = open_page(dahlia, following)
    assert len(rows(second)) == 2
    assert {reference for row in rows(first) + rows(second) for reference in sent if reference in row} == sent


def test_the_link_of_a_row_is_its_only_stop(app: Flask, cast: Cast) -> None:
    send()
    table = open_page(cast.browser("dahlia"), QUEUE).find(".//table")
    assert [element.tag for element in table.iter() if element.tag in {"a", "button", "input"}] == ["a"]
