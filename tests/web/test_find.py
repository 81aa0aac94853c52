"""Find: by reference or by the patient, among what a member may read, with nothing of it in an address."""

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.audit import Act
from portal.domain.lifecycle import Move
from portal.models import AuditEntry
from tests.build import ANCHORAGE_PLACE, move, new_referral, send
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import open_page, press

PATH = "/staff/find"


def find(browser: FlaskClient, **typed: str) -> Any:
    answer = press(browser, PATH, PATH, **typed)
    assert answer.status_code == 200
    return page(answer)


def found(tree: Any) -> list[str]:
    start = "/staff/referrals/"
    return [
        link.get("href").removeprefix(start)
        for link in tree.findall(".//a")
        if link.get("href").startswith(start)
    ]


def test_a_patients_referrals_are_found_open_or_closed_the_latest_first(app: Flask, cast: Cast) -> None:
    first, second = send().reference, send().reference
    send(new_referral(name="Cedar Samplet"))
    move(first, Move.WITHDRAW, cast.actor("dahlia"), words="The patient moved away.")
    tree = find(cast.browser("dahlia"), name="sampleton, cedar", date_of_birth="3 27 1985")
    assert found(tree) == [second, first]
    said = words(tree)
    assert f"{first} Cancelled" in said
    assert "Ketwell Alaska, Fairbanks, received" in said


def test_a_reference_finds_its_referral(app: Flask, cast: Cast) -> None:
    reference = send().reference
    assert found(find(cast.browser("dahlia"), reference=reference.lower())) == [reference]


def test_another_clinics_referral_is_as_little_found_as_one_that_never_was(app: Flask, cast: Cast) -> None:
    there, here = send().reference, send(place=ANCHORAGE_PLACE).reference
    fern = cast.browser("fern")
    assert found(find(fern, name="Cedar Sampleton", date_of_birth="3 27 1985")) == [here]
    for reference in (there, "2222-2222"):
        tree = find(fern, reference=reference)
        assert (found(tree), "Nothing found" in words(tree)) == ([], True)


def test_an_infusion_nurse_finds_only_whom_the_clinic_has_taken_on(app: Flask, cast: Cast) -> None:
    waiting, accepted, dahlia = send().reference, send().reference, cast.actor("dahlia")
    move(accepted, Move.CLAIM, dahlia)
    move(accepted, Move.ACCEPT, dahlia, words="We call.")
    sorrel = cast.browser("sorrel")
    assert found(find(sorrel, name="Cedar Sampleton", date_of_birth="3 27 1985")) == [accepted]
    assert found(open_page(sorrel, "/staff/queue")) == [accepted]
    assert sorrel.get(f"/staff/referrals/{accepted}").status_code == 200
    assert sorrel.get(f"/staff/referrals/{waiting}").status_code == 404


def test_it_is_written_down_without_what_was_typed(app: Flask, cast: Cast) -> None:
    send()
    find(cast.browser("dahlia"), name="Cedar Sampleton", date_of_birth="3 27 1985")
    db.session.rollback()
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == Act.LISTED))
    assert entry.facts == {"page": "find", "filters": {"by": "name and date of birth"}, "referrals": [1]}


def test_what_cannot_be_used_is_said_and_nothing_stands_in_an_address(app: Flask, cast: Cast) -> None:
    dahlia = cast.browser("dahlia")
    answer = press(dahlia, PATH, PATH, name="Cedar Sampleton")
    assert answer.status_code == 422
    assert "Enter an answer" in words(page(answer))
    reference = send().reference
    assert found(open_page(dahlia, f"{PATH}?reference={reference}&name=Cedar+Sampleton")) == []
