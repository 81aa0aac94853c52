"""Files come later too, with a note or an answer: both sides see them where they came, and a refused one loses nothing."""

from io import BytesIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.domain.files import FILES_MOST
from portal.domain.lifecycle import Move, Status
from portal.domain.orders import Receipt
from portal.queries import files
from tests import build, papers
from tests.cast import Cast
from tests.html import page, words
from tests.web import desk
from tests.web.practice import contents, open_page

Sent = tuple[bytes, str]
LETTER: Sent = (papers.pdf(), "Sampleton letter.pdf")
SCRIPT: Sent = (b"PK\x03\x04 no paper", "notes.pdf")


def opened(client: FlaskClient) -> Receipt:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    return receipt


def press(client: FlaskClient, path: str, action: str | None, *sent: Sent, said: str = "") -> TestResponse:
    form: dict[str, object] = {**contents(open_page(client, path), action)}
    form |= {"words": said, "files": [(BytesIO(content), name) for content, name in sent]}
    return client.post(action or path, data=form, content_type="multipart/form-data")


def kept(reference: str) -> list[str]:
    db.session.rollback()
    return [each.title for each in files.of_referral(db.session(), build.stored(reference).id)]


def prove(client: FlaskClient, reference: str) -> None:
    with client.session_transaction() as cookie:
        cookie["proven"] = [reference]


def test_a_file_needs_no_words_and_stands_where_it_came(client: FlaskClient, cast: Cast) -> None:
    reference = opened(client).reference
    assert press(client, f"/r/{reference}/add", None, LETTER).location == f"/r/{reference}"
    assert kept(reference) == ["Sampleton letter.pdf"]
    prove(client, reference)
    tree = open_page(client, f"/r/{reference}")
    assert "You added something Sampleton letter.pdf PDF" in words(tree)
    (link,) = [str(each.get("href")) for each in tree.iter("a") if "/files/" in str(each.get("href"))]
    assert client.get(link).data.startswith(b"%PDF-")
    shown = words(desk.open_page(cast.browser("dahlia"), f"/staff/referrals/{reference}"))
    assert "Sampleton letter.pdf" in shown


def test_a_link_alone_shows_that_there_is_a_file_and_not_its_name(client: FlaskClient) -> None:
    reference = opened(client).reference
    press(client, f"/r/{reference}/add", None, LETTER)
    answer = client.get(f"/r/{reference}")
    assert "Sampleton" not in answer.text
    assert "You added something A file PDF" in words(page(answer))
    assert f"/r/{reference}/prove?next=status" in answer.text


def test_an_answer_may_bring_files(client: FlaskClient, cast: Cast) -> None:
    reference, dahlia = opened(client).reference, cast.actor("dahlia")
    build.move(reference, Move.CLAIM, dahlia)
    build.move(reference, Move.ASK, dahlia, code="IN05", words="Is there a blood pressure?")
    path = f"/r/{reference}"
    assert press(client, path, f"{path}/answer", LETTER, said="Here it is.").location == path
    assert (build.stored(reference).status, len(kept(reference))) == (Status.IN_TRIAGE, 1)


def test_a_refused_file_says_why_and_loses_neither_the_note_nor_another_file(client: FlaskClient) -> None:
    reference = opened(client).reference
    answer = press(client, f"/r/{reference}/add", None, SCRIPT, LETTER, said="Two papers.")
    assert answer.status_code == 422
    said = words(page(answer))
    assert "All else is sent. These files were not taken: notes.pdf was not added." in said
    assert kept(reference) == ["Sampleton letter.pdf"]
    assert "Two papers." in words(open_page(client, f"/r/{reference}"))


def test_where_every_file_is_refused_and_nothing_was_written_nothing_is_sent(client: FlaskClient) -> None:
    reference = opened(client).reference
    answer = press(client, f"/r/{reference}/add", None, SCRIPT)
    assert answer.status_code == 422
    assert "Nothing was sent yet." in words(page(answer))
    assert build.stored(reference).version == 1


def test_what_has_no_room_is_refused_whole_and_the_note_is_kept(client: FlaskClient) -> None:
    reference = opened(client).reference
    for _ in range(FILES_MOST):
        papers.attached(reference)
    answer = press(client, f"/r/{reference}/add", None, LETTER, said="One more.")
    assert answer.status_code == 422
    assert f"There are {FILES_MOST} files already" in words(page(answer))
    assert contents(page(answer))["words"] == "One more."
    assert build.stored(reference).version == 1


def test_files_under_an_older_version_are_not_taken_and_it_is_said(client: FlaskClient, cast: Cast) -> None:
    reference = opened(client).reference
    path = f"/r/{reference}/add"
    form: dict[str, object] = {**contents(open_page(client, path)), "words": "A letter."}
    build.move(reference, Move.CLAIM, cast.actor("dahlia"))
    form["files"] = (BytesIO(LETTER[0]), LETTER[1])
    answer = client.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 409
    assert contents(page(answer))["words"] == "A letter."
    assert kept(reference) == []


def test_a_stranger_brings_nothing(client: FlaskClient) -> None:
    reference = build.send().reference
    sent = {"words": "x", "files": (BytesIO(LETTER[0]), LETTER[1])}
    answer = client.post(f"/r/{reference}/add", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 404
    assert kept(reference) == []


def test_staff_add_what_the_practice_handed_them(client: FlaskClient, cast: Cast) -> None:
    reference, nurse = opened(client).reference, cast.browser("dahlia")
    path = f"/staff/referrals/{reference}"
    answer = press(nurse, f"{path}/add", f"{path}/add", LETTER, SCRIPT, said="By hand, today.")
    assert answer.status_code == 422
    shown = words(page(answer))
    assert f"What you added to {reference} is kept." in shown
    assert "These files were not taken: notes.pdf was not added." in shown
    assert kept(reference) == ["Sampleton letter.pdf"]
    assert "Ketwell Alaska, Fairbanks wrote down what you added" in words(
        open_page(client, f"/r/{reference}")
    )


def test_a_move_that_takes_no_files_keeps_none(client: FlaskClient, cast: Cast) -> None:
    reference, nurse = opened(client).reference, cast.browser("dahlia")
    path = f"/staff/referrals/{reference}"
    assert press(nurse, f"{path}/write", f"{path}/write", LETTER, said="Hello.").status_code == 303
    assert kept(reference) == []
