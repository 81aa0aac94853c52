"""Notices: claimed by one, retried when it may help, given to people when it may not."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import notices
from portal.actions.notices import Letter
from portal.db import db, write
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.lifecycle import Move
from portal.domain.notices import Audience, NoticeState
from portal.doors.world import world
from portal.ledger.outbox import CLAIM_FOR, TRIES_MOST
from portal.models import Notice, StatusKey
from portal.queries import outbox, referrals
from portal.vault import Keys, digest
from tests.build import NOW, send
from tests.cast import Cast

DELAY = timedelta(seconds=60)
LATER = NOW + DELAY


def claim(now: datetime = LATER) -> Letter | None:
    return notices.claim(now=now, delay=DELAY, keys=world().keys)


def claimed(now: datetime = LATER) -> Letter:
    letter = claim(now)
    assert letter is not None
    return letter


def the(audience: Audience) -> Notice:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Notice).where(Notice.audience == audience)).one()


def test_a_notice_waits_its_sixty_seconds(app: Flask) -> None:
    send()
    assert claim(NOW + timedelta(seconds=59)) is None
    assert claim() is not None


def test_a_letter_says_what_and_where_and_nothing_of_the_patient(app: Flask) -> None:
    receipt = send()
    letter = claimed()
    assert (letter.to, letter.reference, letter.move) == (
        "referrals@example.com",
        receipt.reference,
        Move.SUBMIT,
    )
    assert (letter.clinic, letter.status_key) == ("Ketwell Alaska, Fairbanks", receipt.status_key)


def test_what_one_worker_claimed_no_other_takes_until_the_claim_is_stale(app: Flask) -> None:
    send()
    assert claim() is not None
    assert claim() is None
    assert claim(LATER + CLAIM_FOR + timedelta(seconds=1)) is not None


def test_what_was_sent_is_never_sent_again(app: Flask) -> None:
    send()
    notices.sent(claimed().notice_id, now=LATER)
    assert the(Audience.REFERRER).state is NoticeState.SENT
    assert claim(LATER + timedelta(days=1)) is None


def test_a_failed_try_is_repeated_with_longer_pauses_then_given_to_people(app: Flask) -> None:
    send()
    moment, pauses = LATER, []
    for _ in range(TRIES_MOST):
        letter = claimed(moment)
        notices.failed(letter.notice_id, now=moment, trouble="busy", for_good=False)
        pauses.append(the(Audience.REFERRER).due_at - moment)
        moment = the(Audience.REFERRER).due_at + DELAY
    assert pauses == sorted(pauses)
    assert pauses[0] * 2 == pauses[1]
    assert the(Audience.REFERRER).state is NoticeState.FAILED


def test_a_refused_address_is_given_to_people_at_once_and_may_be_tried_again(app: Flask, cast: Cast) -> None:
    send()
    letter = claimed()
    notices.failed(letter.notice_id, now=LATER, trouble="refused", for_good=True)
    dahlia = cast.member_id("dahlia")
    memberships = ()
    assert outbox.troubled(db.session(), memberships) == []
    notices.retry(letter.notice_id, member_id=dahlia, now=LATER)
    assert the(Audience.REFERRER).state is NoticeState.WAITING
    notices.retry(letter.notice_id, member_id=dahlia, now=LATER + timedelta(hours=1))
    assert the(Audience.REFERRER).due_at == LATER


def test_a_call_to_the_patient_is_noted_once_with_who_made_it(app: Flask, cast: Cast) -> None:
    send()
    notice_id, dahlia = the(Audience.PATIENT).id, cast.member_id("dahlia")
    notices.called(notice_id, actor=cast.actor("dahlia"), now=LATER)
    notices.called(notice_id, actor=cast.actor("birch"), now=LATER + DELAY)
    found = the(Audience.PATIENT)
    assert (found.state, found.done_by_id, found.done_at) == (NoticeState.CALLED, dahlia, LATER)


def test_a_notice_of_another_clinic_is_not_there(app: Flask, cast: Cast) -> None:
    send()
    for notice_id in (the(Audience.PATIENT).id, 999):
        with pytest.raises(NotFound):
            notices.called(notice_id, actor=cast.actor("fern"), now=LATER)


def test_a_role_that_makes_no_calls_is_told_so(app: Flask, cast: Cast) -> None:
    send()
    with pytest.raises(NotAllowed):
        notices.called(the(Audience.PATIENT).id, actor=cast.actor("ember"), now=LATER)


def test_a_mail_after_the_secret_changed_or_the_link_ended_carries_a_new_link_that_opens(app: Flask) -> None:
    first = send().status_key
    other = Keys(secret="another secret of forty characters, or so", link_days=180)
    letter = notices.claim(now=LATER, delay=DELAY, keys=other)
    assert letter is not None
    assert letter.status_key != first
    for key in (first, letter.status_key):
        assert referrals.find_status_key(db.session(), digest(key), LATER) is not None
    with write() as session:
        session.execute(sa.update(StatusKey).values(expires_at=NOW))
        session.execute(sa.update(Notice).values(claimed_until=None))
    assert referrals.find_status_key(db.session(), digest(claimed().status_key), LATER) is not None
