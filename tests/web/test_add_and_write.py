"""Both sides say more while a referral is open: the practice adds, the clinic writes, and nothing else moves."""

from flask.testing import FlaskClient

from portal.domain.lifecycle import Move, Status
from tests import build
from tests.cast import Cast
from tests.html import page, words
from tests.web import desk
from tests.web.practice import contents, fill, open_page

NOTE = "A new medicine since Monday."


def test_a_practice_adds_a_note_which_stands_in_both_histories_and_in_the_queue(
    client: FlaskClient, cast: Cast
) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}"
    assert "Add a file or a note" in words(open_page(client, path))
    assert fill(client, f"{path}/add", {"words": NOTE}).location == path
    assert f"You added something {NOTE}" in words(open_page(client, path))
    nurse = cast.browser("dahlia")
    assert "Something was added" in words(desk.open_page(nurse, "/staff/queue"))
    shown = words(desk.open_page(nurse, f"/staff/referrals/{receipt.reference}"))
    assert f"Aster Mockingham, MD added something {NOTE}" in shown
    assert build.stored(receipt.reference).status is Status.RECEIVED


def test_what_was_added_is_news_until_somebody_does_something(client: FlaskClient, cast: Cast) -> None:
    receipt, nurse = build.send(), cast.browser("dahlia")
    client.get(f"/s/{receipt.status_key}")
    fill(client, f"/r/{receipt.reference}/add", {"words": NOTE})
    desk.make(nurse, receipt.reference, "claim")
    assert "Something was added" not in words(desk.open_page(nurse, "/staff/queue"))


def test_a_second_press_adds_nothing_twice_and_keeps_what_was_written(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/add"
    form = contents(open_page(client, path)) | {"words": NOTE}
    assert client.post(path, data=form).status_code == 303
    again = client.post(path, data=form)
    assert again.status_code == 409
    assert contents(page(again))["words"] == NOTE
    assert build.stored(receipt.reference).version == 2


def test_an_empty_note_is_said_at_the_field(client: FlaskClient) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    answer = fill(client, f"/r/{receipt.reference}/add", {"words": " "})
    assert answer.status_code == 422
    assert "There is a problem" in words(page(answer))


def test_nothing_is_added_to_a_closed_referral_and_what_was_written_can_be_copied(
    client: FlaskClient, cast: Cast
) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    path = f"/r/{receipt.reference}/add"
    form = contents(open_page(client, path)) | {"words": NOTE}
    build.move(receipt.reference, Move.WITHDRAW, cast.actor("dahlia"), words="The patient moved away.")
    answer = client.post(path, data=form)
    assert answer.status_code == 409
    assert f"What you wrote was not sent {NOTE}" in words(page(answer))
    assert "Nothing can be added to it now." in words(open_page(client, path))
    assert "Add a file or a note" not in words(open_page(client, f"/r/{receipt.reference}"))


def test_a_clinic_writes_and_the_practice_reads_it(client: FlaskClient, cast: Cast) -> None:
    receipt = build.send()
    nurse = cast.browser("dahlia")
    answer = desk.make(nurse, receipt.reference, "write", words="Bring the medicine list.")
    assert answer.status_code == 303
    assert "The practice is told by mail." in words(desk.open_page(nurse, answer.location))
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "Ketwell Alaska, Fairbanks wrote to you Bring the medicine list." in shown


def test_staff_add_what_the_practice_told_them(client: FlaskClient, cast: Cast) -> None:
    receipt = build.send()
    desk.make(cast.browser("dahlia"), receipt.reference, "add", words="Dr. Mockingham called: 200 mg.")
    client.get(f"/s/{receipt.status_key}")
    shown = words(open_page(client, f"/r/{receipt.reference}"))
    assert "Ketwell Alaska, Fairbanks wrote down what you added Dr. Mockingham called: 200 mg." in shown
