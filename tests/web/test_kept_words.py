"""What a member typed while their session ended is filled in after the next sign-in, for nobody else."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.cli.seed import DEMO_PASSWORD
from portal.domain.lifecycle import Move
from portal.domain.sessions import KEPT_CHARS_MOST
from portal.models import MemberSession
from tests.build import move, send
from tests.cast import ANCHORAGE, Cast
from tests.html import page, words
from tests.web.desk import field_value, find_form, hidden, open_page
from tests.web.device import Device, register, sign_in
from tests.web.sign_in import walk
from tests.web.test_sessions import IDLE, OVER, let_pass, rows, sign_out

QUESTION = "Which dose of <b>sertraline</b>?\n100 mg?"
TEN_MINUTES = timedelta(minutes=10, seconds=1)
NOT_SENT = "Not sent yet."


@pytest.fixture
def device(cast: Cast) -> Device:
    """Dahlia's phone, with her passkey on it."""
    phone = Device()
    register(cast.browser("dahlia"), phone)
    return phone


@pytest.fixture
def path(cast: Cast) -> str:
    """Where Dahlia asks a practice something."""
    reference = send().reference
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    return f"/staff/referrals/{reference}/ask"


def write_late(browser: FlaskClient, path: str, *, after: timedelta = IDLE, **typed: str) -> TestResponse:
    """Fill in a form, let the session end, and press the button."""
    form = find_form(open_page(browser, path), path)
    let_pass(after)
    fields = hidden(form) | {"words": QUESTION, "code": "IN01"} | typed
    return browser.post(path, data=fields)


@pytest.mark.parametrize("after", [IDLE, OVER])
def test_what_was_typed_is_filled_in_after_the_next_sign_in_and_sent_by_one_press(
    cast: Cast, device: Device, path: str, after: timedelta
) -> None:
    dahlia = cast.browser("dahlia")
    sent_on = write_late(dahlia, path, after=after)
    assert sent_on.headers["Location"] == f"/staff/sign-in?next={path}"
    assert "What you typed is kept" in words(open_page(dahlia, "/staff/passkey"))
    assert sign_in(dahlia, device, at=f"?next={path}").headers["Location"] == path
    tree = open_page(dahlia, path)
    assert NOT_SENT in words(tree)
    assert field_value(tree, "words") == QUESTION
    answer = dahlia.post(path, data=hidden(find_form(tree, path)) | {"words": QUESTION, "code": "IN01"})
    assert answer.status_code == 303
    assert rows()[-1].sealed_kept is None


def test_the_walk_by_password_and_code_leads_back_to_it_too(cast: Cast, path: str) -> None:
    dahlia = cast.browser("dahlia")
    sent_on = write_late(dahlia, path).headers["Location"]
    assert "What you typed is kept" in words(open_page(dahlia, sent_on))
    walk.give_password(dahlia, "dahlia", at=sent_on.removeprefix(walk.SIGN_IN))
    answer = walk.fill(dahlia, walk.CODE, code=walk.code_of(walk.member("dahlia")))
    assert answer.headers["Location"] == path
    assert field_value(open_page(dahlia, path), "words") == QUESTION


def test_who_is_asked_again_who_they_are_finds_what_they_typed(cast: Cast) -> None:
    dahlia, emergency = cast.browser("dahlia"), "/staff/emergency"
    token = hidden(find_form(open_page(dahlia, emergency), "/staff/sign-out"))
    let_pass(TEN_MINUTES, MemberSession.proved_at)
    answer = dahlia.post(emergency, data=token | {"reason": "She is in the next room."})
    assert answer.headers["Location"] == f"/staff/verify?next={emergency}"
    walk.fill(dahlia, answer.headers["Location"], password=DEMO_PASSWORD)
    tree = open_page(dahlia, emergency)
    assert field_value(tree, "reason") == "She is in the next room."
    assert NOT_SENT in words(tree)


def test_it_is_shown_until_it_is_sent_and_then_no_more(cast: Cast, device: Device, path: str) -> None:
    dahlia = cast.browser("dahlia")
    write_late(dahlia, path)
    sign_in(dahlia, device)
    for _ in range(2):
        assert field_value(open_page(dahlia, path), "words") == QUESTION
    dahlia.post(path, data=hidden(find_form(open_page(dahlia, path), path)) | {"words": ""})
    assert field_value(open_page(dahlia, path), "words") == ""
    assert NOT_SENT not in words(open_page(dahlia, path))


def test_other_pages_are_as_always(cast: Cast, device: Device, path: str) -> None:
    dahlia = cast.browser("dahlia")
    write_late(dahlia, path)
    sign_in(dahlia, device)
    other = path.replace("/ask", "/decline")
    assert field_value(open_page(dahlia, other), "words") == ""
    assert NOT_SENT not in words(open_page(dahlia, "/staff/queue"))


def test_another_tab_that_notices_first_loses_nothing(cast: Cast, device: Device, path: str) -> None:
    dahlia = cast.browser("dahlia")
    form = find_form(open_page(dahlia, path), path)
    let_pass(IDLE)
    assert dahlia.get("/staff/queue").status_code == 302
    dahlia.post(path, data=hidden(form) | {"words": QUESTION, "code": "IN01"})
    sign_in(dahlia, device)
    assert field_value(open_page(dahlia, path), "words") == QUESTION


def test_another_member_never_sees_it(cast: Cast, path: str) -> None:
    dahlia, birchs = cast.browser("dahlia"), Device()
    register(cast.browser("birch"), birchs)
    write_late(dahlia, path)
    assert sign_in(dahlia, birchs).status_code == 303
    answer = dahlia.get(path)
    assert QUESTION.partition("<")[0] not in answer.get_data(as_text=True)
    assert all(row.sealed_kept is None for row in rows())


def test_another_browser_of_the_same_member_does_not_show_it(
    cast: Cast, client: FlaskClient, device: Device, path: str
) -> None:
    write_late(cast.browser("dahlia"), path)
    sign_in(client, device)
    assert field_value(open_page(client, path), "words") == ""


def test_it_is_gone_after_signing_out(cast: Cast, device: Device, path: str) -> None:
    dahlia = cast.browser("dahlia")
    write_late(dahlia, path)
    sign_in(dahlia, device)
    sign_out(dahlia)
    sign_in(dahlia, device)
    assert field_value(open_page(dahlia, path), "words") == ""


def test_after_signing_out_nothing_is_kept(cast: Cast, device: Device, path: str) -> None:
    dahlia = cast.browser("dahlia")
    form = find_form(open_page(dahlia, path), path)
    sign_out(dahlia)
    dahlia.post(path, data=hidden(form) | {"words": QUESTION})
    assert all(row.sealed_kept is None for row in rows())


def test_nothing_is_kept_without_the_token_of_our_own_page(cast: Cast, path: str) -> None:
    dahlia = cast.browser("dahlia")
    assert write_late(dahlia, path, csrf_token="forged").status_code == 302
    assert rows()[-1].sealed_kept is None


def test_more_than_a_person_types_is_not_kept_and_not_promised(cast: Cast, path: str) -> None:
    dahlia = cast.browser("dahlia")
    assert write_late(dahlia, path, words="x" * KEPT_CHARS_MOST).status_code == 302
    assert rows()[-1].sealed_kept is None
    said = words(open_page(dahlia, "/staff/passkey"))
    assert "You were signed out." in said
    assert "is kept" not in said


def test_a_referral_that_changed_meanwhile_is_not_moved_by_what_was_typed_before(
    cast: Cast, device: Device, path: str
) -> None:
    dahlia, reference = cast.browser("dahlia"), path.split("/")[3]
    write_late(dahlia, path)
    move(reference, Move.RELEASE, cast.actor("birch"))
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    sign_in(dahlia, device)
    form = find_form(open_page(dahlia, path), path)
    answer = dahlia.post(path, data=hidden(form) | {"words": QUESTION, "code": "IN01"})
    assert answer.status_code == 409
    assert "changed while you were writing" in words(page(answer))


def test_a_move_that_is_no_longer_possible_shows_the_words_to_copy(
    cast: Cast, device: Device, path: str
) -> None:
    dahlia, reference = cast.browser("dahlia"), path.split("/")[3]
    write_late(dahlia, path)
    move(reference, Move.WITHDRAW, cast.actor("birch"), words="She moved away.")
    sign_in(dahlia, device)
    said = words(open_page(dahlia, path))
    assert "What you typed, to copy:" in said
    assert "Which dose of <b>sertraline</b>?" in said


def test_a_referral_that_went_elsewhere_shows_the_words_to_copy(
    cast: Cast, device: Device, path: str
) -> None:
    dahlia, reference = cast.browser("dahlia"), path.split("/")[3]
    write_late(dahlia, path)
    move(reference, Move.TRANSFER, cast.actor("birch"), words="Nearer.", code="RD08", clinic=ANCHORAGE)
    sign_in(dahlia, device)
    answer = dahlia.get(path)
    assert answer.status_code == 404
    assert "Which dose of <b>sertraline</b>?" in words(page(answer))
