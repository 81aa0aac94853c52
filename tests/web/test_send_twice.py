"""However often a draft is sent, one referral comes of it, and everybody who sent it sees its receipt."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db
from portal.models import Draft, Referral
from tests.cast import FAIRBANKS
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
    key = client.get_cookie(cookie_of(draft))
    assert key is not None
    client.post(f"{draft}/check", data=form)
    # The answer never came: neither the receipt's session nor the order to drop the key.
    lost = client.application.test_client()
    lost.set_cookie(cookie_of(draft), key.value)
    answer = lost.post(f"{draft}/check", data=form)
    assert answer.location == f"/r/{references()[0]}/receipt"
    assert lost.get(answer.location).status_code == 200


def test_every_page_of_a_sent_draft_leads_to_its_receipt(client: FlaskClient) -> None:
    draft = fill_all(client)
    receipt = send(client, draft).location
    for page in ("", "/patient", "/check", "/safety", "/stopped"):
        assert client.get(f"{draft}{page}").location == receipt
    assert client.post(f"{draft}/patient", data={"patient.name": "Birch Testerly"}).location == receipt


def test_the_next_person_at_the_computer_finds_no_draft(client: FlaskClient) -> None:
    draft = fill_all(client)
    send(client, draft)
    assert client.get_cookie(cookie_of(draft)) is None
    assert db.session.scalars(sa.select(Draft)).one().typed == {}
    stranger = client.application.test_client()
    assert stranger.get(f"{draft}/check").status_code == 404


def cookie_of(draft: str) -> str:
    return f"draft-{draft.rpartition('/')[2]}"
