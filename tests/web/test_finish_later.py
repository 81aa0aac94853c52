"""A half-finished form goes on from anywhere by its private link, for its days, and never opens what it became."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db, write
from portal.models import Draft, Letter
from tests import build
from tests.html import page, words
from tests.web import practice
from tests.web.practice import begin, contents, fill, fill_all, fill_step, open_page

READ_ALONG = "Opened by a private link: whoever sent you this link reads what you type here."


def link_of(client: FlaskClient, draft: str) -> str:
    """Return the path of the private link that the page shows."""
    tree = open_page(client, f"{draft}/later")
    links = [str(each.get("href")) for each in tree.iter("a")]
    (found,) = [link for link in links if "/d/" in link]
    return found.removeprefix("http://127.0.0.1:8000")


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def age(by: timedelta) -> None:
    """Let every draft be that much older."""
    db.session.rollback()
    with write() as session:
        for draft in session.scalars(sa.select(Draft)):
            draft.saved_at, draft.expires_at = draft.saved_at - by, draft.expires_at - by


def test_the_link_opens_the_form_in_another_browser_and_leaves_its_key_behind(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    link = link_of(client, draft)
    other = client.application.test_client()
    answer = other.get(link)
    assert (answer.status_code, answer.location) == (303, draft)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert contents(open_page(other, f"{draft}/patient"))["patient.name"] == build.TYPED["patient.name"]
    assert other.get(link).status_code == 303, "a link that a scanner opened still opens"


def test_who_opens_a_link_is_told_once_who_else_reads_what_is_typed(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    link = link_of(client, draft)
    other = client.application.test_client()
    first = open_page(other, str(other.get(other.get(link).location).location))
    assert READ_ALONG in words(first)
    assert "Done." not in words(first)
    for browser in (other, client):
        assert READ_ALONG not in words(open_page(browser, f"{draft}/reason"))


def test_a_link_that_is_wrong_over_or_deleted_opens_nothing_and_says_what_to_do(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    link = link_of(client, draft)
    age(timedelta(days=31))
    over = client.application.test_client().get(link)
    age(timedelta(days=-31))
    form = contents(open_page(client, f"{draft}/later"), f"{draft}/discard")
    client.post(f"{draft}/discard", data=form)
    for answer in (over, client.get(link), client.get("/d/wrong"), client.get("/d/%00")):
        assert answer.status_code == 404
        assert "Start a new referral" in words(page(answer))


def test_the_link_of_a_sent_form_says_so_and_opens_no_referral(client: FlaskClient) -> None:
    draft = fill_all(client)
    link = link_of(client, draft)
    reference = str(practice.send(client, draft).location).split("/")[2]
    other = client.application.test_client()
    answer = other.get(link)
    assert answer.status_code == 200
    assert "This form was sent" in words(page(answer))
    assert reference not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert other.get(f"/r/{reference}").status_code == 404


def test_the_days_are_counted_from_the_last_save_and_the_browser_keeps_its_key_as_long(
    client: FlaskClient,
) -> None:
    draft = begin(client)
    fill_step(client, draft, "patient")
    age(timedelta(days=20))
    answer = fill_step(client, draft, "reason")
    assert any("Max-Age=2592000" in sent for sent in answer.headers.getlist("Set-Cookie"))
    kept = db.session.scalars(sa.select(Draft)).one().expires_at
    assert timedelta(days=29) < kept - datetime.now(UTC) < timedelta(days=31)


def test_the_link_is_mailed_to_the_address_that_was_typed(client: FlaskClient) -> None:
    draft = begin(client)
    fill_step(client, draft, "practice")
    assert contents(open_page(client, f"{draft}/later"))["email"] == build.TYPED["referrer.email"]
    answer = fill(client, f"{draft}/later", {"email": "aster@example.com"})
    assert answer.location == f"{draft}/later"
    assert "The link is on its way." in words(open_page(client, f"{draft}/later"))
    (letter,) = letters()
    assert letter.address == "aster@example.com"
    assert letter.words
    assert link_of(client, draft) in letter.words["body"]
    assert "is kept until" in letter.words["body"]
    assert "Sampleton" not in str(letter.words)


def test_an_address_that_is_none_is_said_at_the_field(client: FlaskClient) -> None:
    draft = begin(client)
    for typed in ("", "aster", "a@b\nBcc: x@example.com"):
        answer = fill(client, f"{draft}/later", {"email": typed})
        assert answer.status_code == 422
        assert "There is a problem" in words(page(answer))
    assert letters() == []


def test_no_address_is_sent_more_than_a_few_links(client: FlaskClient) -> None:
    draft = begin(client)
    found = [fill(client, f"{draft}/later", {"email": "aster@example.com"}).status_code for _ in range(5)]
    assert found == [303, 303, 303, 429, 429]
    assert len(letters()) == 3
