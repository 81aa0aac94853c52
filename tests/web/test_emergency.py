"""The emergency page: what is typed opens one referral for an hour, says so on it, and shows no way to move it."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db, write
from portal.domain.audit import Act
from portal.domain.emergency import MISSES_MOST
from portal.models import AuditEntry, BreakGlass, Letter, Member
from tests.build import send, stored
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import field_value, find_form, open_page, press

PATH = "/staff/emergency"
REASON = "Brought in unconscious, needs the medicine list."


def plead(browser: FlaskClient, **typed: str) -> TestResponse:
    form = {"reference": "", "name": "", "date_of_birth": "", "reason": REASON} | typed
    return browser.post(PATH, data=form | {"csrf_token": field_value(open_page(browser, PATH), "csrf_token")})


def links(tree: Any) -> set[str]:
    return {link.get("href") for link in tree.findall(".//a")}


def test_a_plea_opens_the_referral_says_until_when_and_offers_no_move(app: Flask, cast: Cast) -> None:
    reference, fern = send().reference, cast.browser("fern")
    path = f"/staff/referrals/{reference}"
    assert fern.get(path).status_code == 404
    answer = plead(fern, name="Cedar Sampleton", date_of_birth="3 27 1985")
    assert (answer.status_code, answer.location) == (303, path)
    said = words(open_page(fern, path))
    assert "You opened this in an emergency. You may read it until" in said
    assert "Two adequate trials" in said
    assert "No move is open to you here." in said
    assert fern.get(f"{path}/transfer").status_code == 302
    token = field_value(open_page(fern, PATH), "csrf_token")
    refused = fern.post(f"{path}/claim", data={"csrf_token": token, "version": "1"})
    assert refused.status_code == 404
    assert stored(reference).version == 1


def test_each_look_is_written_down_with_its_grant(app: Flask, cast: Cast) -> None:
    reference, fern = send().reference, cast.browser("fern")
    plead(fern, reference=reference)
    open_page(fern, f"/staff/referrals/{reference}")
    db.session.rollback()
    looks = sa.select(AuditEntry).where(AuditEntry.act == Act.LOOKED)
    grant = db.session.scalars(sa.select(BreakGlass)).one()
    assert [entry.facts for entry in db.session.scalars(looks)] == [{"page": "referral", "grant": grant.id}]


def test_several_referrals_of_one_patient_stand_in_a_list(app: Flask, cast: Cast) -> None:
    sent, fern = {send().reference, send(place=None).reference}, cast.browser("fern")
    assert plead(fern, name="Cedar Sampleton", date_of_birth="3 27 1985").location == PATH
    tree = open_page(fern, PATH)
    assert {f"/staff/referrals/{reference}" for reference in sent} <= links(tree)
    assert "Sampleton" not in words(tree)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "reference"),
        ({"reference": "6QY4"}, "reference"),
        ({"name": "Cedar Sampleton"}, "date_of_birth"),
        ({"reference": "6QY4-C5M2", "reason": "must see"}, "reason"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_kept(
    app: Flask, cast: Cast, typed: dict[str, str], wrong: str
) -> None:
    answer = plead(cast.browser("fern"), **typed)
    assert answer.status_code == 422
    tree = page(answer)
    assert f"#{wrong}" in links(tree)
    assert field_value(tree, "reason") == typed.get("reason", REASON)


def test_a_miss_is_told_alike_whatever_was_wrong(app: Flask, cast: Cast) -> None:
    send()
    fern = cast.browser("fern")
    misses = [
        plead(fern, reference="2222-2222"),
        plead(fern, name="Cedar Sampleton", date_of_birth="3 28 1985"),
        plead(fern, name="Cedar Samplet", date_of_birth="3 27 1985"),
    ]
    assert {answer.status_code for answer in misses} == {422}
    said = {
        re.sub(r"\s+", " ", words(page(answer).find(".//*[@class='error-summary']"))) for answer in misses
    }
    assert len(said) == 1


def test_guessing_ends(app: Flask, cast: Cast) -> None:
    fern = cast.browser("fern")
    for _ in range(MISSES_MOST):
        assert plead(fern, reference="2222-2222").status_code == 422
    answer = plead(fern, reference="2222-2222")
    assert (answer.status_code, "You tried too often" in words(page(answer))) == (429, True)


def test_a_stale_token_opens_nothing_and_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    reference, fern = send().reference, cast.browser("fern")
    answer = fern.post(PATH, data={"reference": reference, "reason": REASON, "csrf_token": "old"})
    assert answer.status_code == 400
    assert field_value(page(answer), "reason") == REASON
    assert fern.get(f"/staff/referrals/{reference}").status_code == 404


def test_the_privacy_officer_reads_who_opened_what_and_why(app: Flask, cast: Cast) -> None:
    reference = send().reference
    plead(cast.browser("fern"), reference=reference)
    lupine = cast.browser("lupine")
    said = words(open_page(lupine, "/staff/emergencies"))
    for part in (reference, "Fern Specimen, RN", REASON):
        assert part in said
    assert lupine.get(f"/staff/referrals/{reference}").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 1


def test_without_a_privacy_officer_the_outbox_says_that_nobody_was_told(app: Flask, cast: Cast) -> None:
    reference = send().reference
    said = "Nobody was told of these emergencies"
    with write() as session:
        session.get_one(Member, cast.member_id("lupine")).active = False
    ember = cast.browser("ember")
    assert said not in words(open_page(ember, "/staff/outbox"))
    plead(cast.browser("fern"), reference=reference)
    shown = words(open_page(ember, "/staff/outbox"))
    assert said in shown
    assert f"Fern Specimen, RN opened {reference}" in shown


def test_only_clinicians_have_a_way_to_it(app: Flask, cast: Cast) -> None:
    assert PATH in links(open_page(cast.browser("fern"), "/staff/queue"))
    assert PATH not in links(open_page(cast.browser("aster"), "/staff/queue"))
    assert cast.browser("aster").get(PATH).status_code == 403
    assert find_form(open_page(cast.browser("sorrel"), PATH), None) is not None
    assert press(cast.browser("sorrel"), PATH, "/staff/sign-out").status_code == 302
