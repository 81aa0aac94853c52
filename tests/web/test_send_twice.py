"""However often a draft is sent, one referral comes of it, and everybody who sent it sees its receipt."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db
from portal.models import Draft, Referral
from tests.cast import FAIRBANKS
from tests.html import page, words
from tests.web import desk
from tests.web.practice import contents, fill_all, open_page, send


def references() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Referral.reference)))


def test_a_double_click_makes_one(client: FlaskClient) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    key = client.get_cookie(cookie_of(draft))
    assert key is not None
    first = client.post(f"{draft}/check", data=form)
    # The second click left the browser before the first answer came, so it still bears the draft's key.
    client.set_cookie(cookie_of(draft), key.value)
    second = client.post(f"{draft}/check", data=form | {"clinic": FAIRBANKS})
    assert first.location == second.location
    assert len(references()) == 1


def test_four_sends_at_the_same_moment_make_one(client: FlaskClient) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    cookies = {name: client.get_cookie(name) for name in (cookie_of(draft), "session")}

    def press(_: int) -> str | None:
        browser = client.application.test_client()
        for name, cookie in cookies.items():
            browser.set_cookie(name, cookie.value if cookie else "")
        return browser.post(f"{draft}/check", data=form).location

    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(press, range(4)))
    assert found == {f"/r/{reference}/receipt" for reference in references()}
    assert len(found) == 1


def test_a_lost_answer_is_found_by_sending_again(client: FlaskClient) -> None:
    draft = fill_all(client)
    form = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    # The answer never came: neither the receipt's session nor the order to drop the key.
    lost = copy_of(client, cookie_of(draft), "session")
    client.post(f"{draft}/check", data=form)
    answer = lost.post(f"{draft}/check", data=form)
    assert answer.location == f"/r/{references()[0]}/receipt"
    assert lost.get(answer.location).status_code == 200
    assert "Cedar Sampleton" in lost.get(f"/r/{references()[0]}/summary").text


def test_the_key_of_a_sent_draft_opens_nothing_to_who_did_not_send_it(client: FlaskClient) -> None:
    draft = fill_all(client)
    with_key, looked_too = (copy_of(client, cookie_of(draft)) for _ in range(2))
    form = contents(open_page(looked_too, f"{draft}/check")) | {"consent": "y"}
    receipt = send(client, draft).location
    for browser, answer in (
        (with_key, with_key.get(draft)),
        (looked_too, looked_too.post(f"{draft}/check", data=form)),
    ):
        assert answer.status_code == 404
        assert "This form was sent" in words(page(answer))
        assert references()[0] not in answer.text
        assert browser.get_cookie(cookie_of(draft)) is None
        assert browser.get(receipt).status_code == 404


def test_what_was_typed_on_after_somebody_else_sent_it_is_shown_to_be_copied(client: FlaskClient) -> None:
    draft = fill_all(client)
    other = copy_of(client, cookie_of(draft))
    form = contents(open_page(other, f"{draft}/reason")) | {"reason": "Worse since Monday."}
    send(client, draft)
    shown = words(page(other.post(f"{draft}/reason", data=form)))
    assert "This form was sent" in shown
    assert "Worse since Monday." in shown


def test_what_somebody_else_sends_at_the_same_moment_opens_nothing_to_the_later_one(
    client: FlaskClient,
) -> None:
    draft = fill_all(client)
    browsers = [client, copy_of(client, cookie_of(draft))]
    forms = [contents(open_page(each, f"{draft}/check")) | {"consent": "y"} for each in browsers]

    def press(number: int) -> int:
        return browsers[number].post(f"{draft}/check", data=forms[number]).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(press, range(2))) == [303, 404]
    assert len(references()) == 1


def test_the_lost_answer_is_not_found_again_once_its_link_was_ended(client: FlaskClient) -> None:
    draft = fill_all(client)
    open_page(client, f"{draft}/check")
    lost = copy_of(client, cookie_of(draft), "session")
    receipt = send(client, draft).location
    status = receipt.removesuffix("/receipt")
    desk.press(client, status, f"{status}/link")
    assert "This form was sent" in words(page(lost.get(draft)))
    assert lost.get(receipt).status_code == 404


def test_every_page_of_a_sent_draft_leads_to_its_receipt(client: FlaskClient) -> None:
    draft = fill_all(client)
    receipt = send(client, draft).location
    for path in ("", "/patient", "/check", "/safety", "/stopped"):
        assert client.get(f"{draft}{path}").location == receipt
    assert client.post(f"{draft}/patient", data={"patient.name": "Birch Testerly"}).location == receipt


def test_the_next_person_at_the_computer_finds_no_draft(client: FlaskClient) -> None:
    draft = fill_all(client)
    send(client, draft)
    assert client.get_cookie(cookie_of(draft)) is None
    assert db.session.scalars(sa.select(Draft)).one().typed == {}
    stranger = client.application.test_client()
    assert stranger.get(f"{draft}/check").status_code == 404


def copy_of(client: FlaskClient, *names: str) -> FlaskClient:
    """Return another browser that holds these cookies of this one as they are now."""
    browser = client.application.test_client()
    for name in names:
        cookie = client.get_cookie(name)
        assert cookie is not None
        browser.set_cookie(name, cookie.value)
    return browser


def cookie_of(draft: str) -> str:
    return f"draft-{draft.rpartition('/')[2]}"
