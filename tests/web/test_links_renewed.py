"""Links are renewed: the older ones end, the browser that asked stays in, and a stranger learns nothing by asking."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.actions import status_links
from portal.db import db
from portal.domain.audit import Act
from portal.domain.lifecycle import Move
from portal.domain.notices import NoticeState
from portal.domain.orders import Actor, ActorKind, Receipt
from portal.doors.world import site, world
from portal.models import Letter, StatusKey
from tests import build, trail
from tests.cast import Cast
from tests.html import page, words
from tests.web import desk
from tests.web.practice import contents, fill, open_page
from tests.web.test_status_link import change

EMAIL = "referrals@example.com"
SENT = "If both fit, a new link is on its way to the practice."


@pytest.fixture
def receipt(client: FlaskClient) -> Receipt:
    """A referral of now, open in this browser."""
    sent = build.send(now=datetime.now(UTC))
    client.get(f"/s/{sent.status_key}")
    return sent


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def mailed_link(letter: Letter) -> str:
    assert letter.words
    return next(line for line in letter.words["body"].splitlines() if "/s/" in line).removeprefix(
        "http://127.0.0.1:8000"
    )


def ask(client: FlaskClient, reference: str, email: str = EMAIL) -> int:
    answer = fill(client, "/status", {"reference": reference, "email": email}, action="/status/again")
    if answer.status_code == 303:
        assert SENT in words(open_page(client, "/status"))
    return answer.status_code


def test_a_new_link_ends_the_old_ones_and_this_browser_stays_in(
    receipt: Receipt, client: FlaskClient
) -> None:
    path, other = f"/r/{receipt.reference}", client.application.test_client()
    other.get(f"/s/{receipt.status_key}")
    answer = desk.press(client, path, f"{path}/link")
    assert answer.location == path
    assert "every older one has ended" in words(open_page(client, path))
    assert other.get(path).status_code == 404
    gone = other.get(f"/s/{receipt.status_key}")
    assert gone.status_code == 404
    assert "have a new one sent" in words(page(gone))
    (letter,) = letters()
    assert letter.address == EMAIL
    assert other.get(mailed_link(letter)).location == path


def test_staff_end_the_links_and_see_that_it_was_done(
    receipt: Receipt, client: FlaskClient, cast: Cast
) -> None:
    nurse, path = cast.browser("dahlia"), f"/staff/referrals/{receipt.reference}"
    assert "a link that ends on" in words(desk.open_page(nurse, path))
    desk.press(nurse, path, f"{path}/link")
    assert client.get(f"/r/{receipt.reference}").status_code == 404
    assert "A new one was sent today" in words(desk.open_page(nurse, path))
    assert trail.acts().count(Act.LINK_RENEWED) == 1


def test_a_role_that_does_not_answer_for_referrers_has_no_button(receipt: Receipt, cast: Cast) -> None:
    lead = desk.open_page(cast.browser("birch"), f"/staff/referrals/{receipt.reference}")
    assert desk.find_form(lead, f"/staff/referrals/{receipt.reference}/link") is not None
    hazel = desk.open_page(cast.browser("hazel"), f"/staff/referrals/{receipt.reference}")
    assert desk.find_form(hazel, f"/staff/referrals/{receipt.reference}/link") is None


def test_who_lost_the_link_is_mailed_one_more_and_the_others_stay(
    receipt: Receipt, client: FlaskClient
) -> None:
    stranger = client.application.test_client()
    assert ask(stranger, receipt.reference.lower(), EMAIL.upper()) == 303
    (letter,) = letters()
    assert (letter.address, letter.state) == (EMAIL, NoticeState.WAITING)
    assert stranger.get(mailed_link(letter)).location == f"/r/{receipt.reference}"
    assert client.get(f"/r/{receipt.reference}").status_code == 200


def test_an_ended_link_is_replaced(receipt: Receipt, client: FlaskClient) -> None:
    change(receipt.status_key_id, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    assert client.get(f"/r/{receipt.reference}").status_code == 404
    assert ask(client, receipt.reference) == 303
    assert client.get(mailed_link(letters()[0])).status_code == 303


@pytest.mark.parametrize("email", ["another@example.com", "referrals@example.co"])
def test_an_email_that_does_not_fit_is_answered_the_same_and_sent_nothing(
    receipt: Receipt, client: FlaskClient, email: str
) -> None:
    assert ask(client, receipt.reference, email) == 303
    assert [letter.state for letter in letters()] == [NoticeState.SENT]
    assert (trail.entries()[-1].act, trail.entries()[-1].referral_id) == (Act.REFUSED, None)


def test_what_closed_long_ago_is_followed_no_more(client: FlaskClient, cast: Cast) -> None:
    old = build.send(now=datetime.now(UTC) - timedelta(days=400)).reference
    long_ago = datetime.now(UTC) - timedelta(days=399)
    build.move(old, Move.WITHDRAW, cast.actor("dahlia"), words="Moved away.", now=long_ago)
    assert ask(client, old) == 303
    assert [letter.address for letter in letters()] == [None]


def test_what_cannot_be_read_is_said_at_its_field(client: FlaskClient) -> None:
    assert ask(client, "7KQ4", "aster") == 422
    assert letters() == []


def test_no_email_is_asked_for_more_than_a_few_times(receipt: Receipt, client: FlaskClient) -> None:
    assert [ask(client, receipt.reference) for _ in range(4)] == [303, 303, 303, 429]


def test_whether_both_fit_changes_no_question_to_the_database(app: Flask, receipt: Receipt) -> None:
    """Also for a link that ended: that is when most people ask."""
    change(receipt.status_key_id, expires_at=datetime.now(UTC) - timedelta(minutes=1))
    seen: dict[tuple[str, str], list[str]] = {}
    for asked in ((receipt.reference, EMAIL), (receipt.reference, "no@example.com"), ("2222-2222", EMAIL)):
        listen = partial(_note, seen.setdefault(asked, []))
        event.listen(db.engine, "before_cursor_execute", listen)
        actor = Actor(ActorKind.STRANGER, "")
        status_links.send_again(*asked, actor=actor, keys=world().keys, site=site(), now=datetime.now(UTC))
        event.remove(db.engine, "before_cursor_execute", listen)
    fits, other_email, no_such = seen.values()
    assert fits == other_email == no_such
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StatusKey)) == 2


def _note(seen: list[str], _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    seen.append(statement)


def test_the_fields_keep_what_was_typed(client: FlaskClient) -> None:
    answer = fill(client, "/status", {"reference": "7KQ4", "email": "a@example.com"}, action="/status/again")
    kept = contents(page(answer), "/status/again")
    assert (kept["reference"], kept["email"]) == ("7KQ4", "a@example.com")
