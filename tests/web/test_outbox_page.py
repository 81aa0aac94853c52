"""Mails that did not arrive and patients nobody told stand where a person looks, at that person's clinics."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import notices
from portal.db import db
from portal.domain.notices import NoticeState
from portal.models import Notice
from tests.build import ANCHORAGE_PLACE, NOW, send
from tests.cast import Cast
from tests.html import words
from tests.web.desk import find_form, open_page, press

OUTBOX = "/staff/outbox"


def notice_id(audience: str) -> int:
    found = db.session.scalar(sa.select(Notice.id).where(Notice.audience == audience))
    assert found is not None
    db.session.rollback()
    return found


def state(number: int) -> NoticeState:
    db.session.rollback()
    found = db.session.scalar(sa.select(Notice.state).where(Notice.id == number))
    assert found is not None
    return found


@pytest.fixture
def bounced(app: Flask) -> str:
    """A referral in Fairbanks whose mail did not arrive."""
    reference = send().reference
    notices.failed(notice_id("referrer"), now=NOW, trouble="no such mailbox", for_good=True)
    return reference


def test_a_mail_that_failed_says_why_and_is_tried_again(bounced: str, cast: Cast) -> None:
    dahlia, number = cast.browser("dahlia"), notice_id("referrer")
    said = words(open_page(dahlia, OUTBOX))
    assert f"{bounced} Mail to the practice did not arrive" in said
    assert "Receipt, Mon 23 Nov, 11:00 am, Ketwell Alaska, Fairbanks. no such mailbox" in said.replace(
        "today", "Mon 23 Nov"
    )
    answer = press(dahlia, OUTBOX, f"/staff/notices/{number}/retry")
    assert (answer.status_code, answer.headers["Location"]) == (303, OUTBOX)
    assert state(number) is NoticeState.WAITING
    said = words(open_page(dahlia, OUTBOX))
    assert "It is tried again now." in said
    assert "Mail to the practice did not arrive" not in said


def test_no_address_and_no_name_stand_in_the_list(bounced: str, cast: Cast) -> None:
    said = words(open_page(cast.browser("dahlia"), OUTBOX))
    assert "referrals@example.com" not in said
    assert "Sampleton" not in said.replace("Aster Sampleton", "")


def test_a_call_is_noted_from_the_referrals_page_with_who_made_it(app: Flask, cast: Cast) -> None:
    reference = send().reference
    dahlia, number = cast.browser("dahlia"), notice_id("patient")
    path = f"/staff/referrals/{reference}"
    answer = press(dahlia, path, f"/staff/notices/{number}/called")
    assert answer.headers["Location"] == path
    assert state(number) is NoticeState.CALLED
    said = words(open_page(dahlia, path))
    assert "Noted: you called the patient." in said
    assert "by Dahlia Testerly, RN About the receipt." in said
    assert "Patient not told" not in said


def test_each_sees_what_is_owed_at_their_clinics(bounced: str, cast: Cast) -> None:
    here = send(place=ANCHORAGE_PLACE).reference
    fern = words(open_page(cast.browser("fern"), OUTBOX))
    assert here in fern
    assert bounced not in fern
    birch = words(open_page(cast.browser("birch"), OUTBOX))
    assert here in birch
    assert bounced in birch


def test_an_administrator_tends_the_mail_without_a_way_to_the_referral(bounced: str, cast: Cast) -> None:
    ember, number = cast.browser("ember"), notice_id("referrer")
    tree = open_page(ember, OUTBOX)
    assert bounced in words(tree)
    assert not [link for link in tree.findall(".//a") if bounced in link.get("href")]
    assert find_form(tree, f"/staff/notices/{notice_id('patient')}/called") is None
    press(ember, OUTBOX, f"/staff/notices/{number}/retry")
    assert state(number) is NoticeState.WAITING
    assert ember.get(f"/staff/referrals/{bounced}").status_code == 404


def test_who_may_not_log_a_call_is_told_so(bounced: str, cast: Cast) -> None:
    ember = cast.browser("ember")
    token = next(field.get("value") for field in open_page(ember, OUTBOX).findall(".//input"))
    answer = ember.post(f"/staff/notices/{notice_id('patient')}/called", data={"csrf_token": token})
    assert answer.status_code == 403
    assert state(notice_id("patient")) is NoticeState.TO_CALL


def test_an_empty_outbox_says_that_everybody_was_told(cast: Cast) -> None:
    assert "Everybody has been told" in words(open_page(cast.browser("fern"), OUTBOX))


def test_a_mail_that_is_late_stands_before_the_calls_and_goes_on_by_itself(app: Flask, cast: Cast) -> None:
    send()
    reference = send().reference
    late = db.session.scalars(sa.select(sa.func.max(Notice.id)).where(Notice.audience == "referrer")).one()
    notices.failed(late, now=NOW, trouble="The mail server did not answer", for_good=False)
    said = words(open_page(cast.browser("dahlia"), OUTBOX))
    assert f"{reference} Mail to the practice is late and is tried again" in said
    assert said.index("is late") < said.index("Patient not told")
    assert state(late) is NoticeState.WAITING
