"""A system adds files to what it sent: cleaned, scanned and bounded as the form's are, once, and to its own referrals only."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Encryption
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from portal.actions import api_keys
from portal.db import db
from portal.domain.audit import Act
from portal.domain.files import FILES_MOST
from portal.doors.world import EXTENSION, world
from portal.models import Event
from portal.queries import files, referrals
from tests import papers, trail
from tests.api.sending import OPERATOR, body, count, new_key, post, wrong
from tests.api.test_once import close
from tests.api.test_openapi import description, matches
from tests.build import NOW, send, stored
from tests.servers import clamd
from tests.servers.log import kept as kept_lines
from tests.servers.loopback import LOOPBACK, free_port

Part = tuple[str, str, bytes]
LETTER: Part = ("files", "Sampleton letter.pdf", papers.pdf(said=b"Two adequate trials"))
FAX: Part = ("files", "fax.tif", papers.fax())
ZIP: Part = ("files", "Mockingham.pdf", b"PK\x03\x04" + bytes(99))
LOCKED: Part = ("files", "locked.pdf", papers.pdf(encryption=Encryption(user="x", owner="y")))
HARM: Part = ("files", "harm.pdf", papers.pdf(said=clamd.HARMFUL))


@pytest.fixture
def key(app: Flask) -> str:
    return new_key()


@pytest.fixture
def reference(client: FlaskClient, key: str) -> str:
    return str(post(client, key, body(), once="referral").get_json()["reference"])


def add(
    client: FlaskClient, key: str, reference: str, *sent: Part, once: str = "files", **words: str
) -> TestResponse:
    """Send files as another system does."""
    parts = MultiDict[str, str | FileStorage](words)
    for name, title, content in sent:
        parts.add(name, FileStorage(BytesIO(content), filename=title))
    # Not by way of a file on the disk, which a test must find empty.
    boundary, sent_body = encode_multipart(parts)
    return client.post(
        f"/api/v1/referrals/{reference}/files",
        data=sent_body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": once},
    )


def kept(reference: str) -> list[files.Kept]:
    db.session.rollback()
    return list(files.of_referral(db.session(), stored(reference).id))


def titles(answer: TestResponse, which: str) -> list[str]:
    return [each["title"] for each in answer.get_json()[which]]


def test_files_are_kept_clean_with_one_event_and_the_note(
    client: FlaskClient, key: str, reference: str
) -> None:
    answer = add(client, key, reference, LETTER, FAX, words="Two papers.")
    letter, fax = kept(reference)
    told = {"title": "Sampleton letter.pdf", "kind": "pdf", "size_bytes": letter.size_bytes, "state": "clean"}
    assert (answer.status_code, answer.get_json()["kept"][0]) == (201, told)
    assert (titles(answer, "kept"), titles(answer, "refused")) == (["Sampleton letter.pdf", "fax.pdf"], [])
    *_, event = referrals.events(db.session(), stored(reference).id)
    assert (event.number, event.move, event.words) == (2, "add", "Two papers.")
    assert {letter.event_id, fax.event_id} == {event.id}
    content = b"".join(files.content(db.session(), letter))
    assert content != LETTER[2]
    assert b"Two adequate trials" in papers.unpacked(content)


def test_a_refused_file_says_why_and_loses_no_other(client: FlaskClient, key: str, reference: str) -> None:
    answer = add(client, key, reference, ZIP, LETTER, LOCKED)
    assert (answer.status_code, titles(answer, "kept")) == (201, ["Sampleton letter.pdf"])
    zipped, locked = answer.get_json()["refused"]
    assert (zipped["title"], locked["title"]) == ("Mockingham.pdf", "locked.pdf")
    assert "Save it as a PDF" in zipped["why"]
    assert "has a password" in locked["why"]


def test_where_all_are_refused_each_is_named_and_nothing_is_added(
    client: FlaskClient, key: str, reference: str
) -> None:
    answer = add(client, key, reference, ZIP, LOCKED, words="Two papers.")
    assert (answer.status_code, wrong(answer)) == (422, {"files.0", "files.1"})
    assert "Mockingham.pdf: " in answer.get_json()["errors"][0]["message"]
    assert (kept(reference), stored(reference).version) == ([], 1)
    assert add(client, key, reference, LETTER).status_code == 201


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "This file is empty"), (b"%PDF-" + bytes(15 * 1024 * 1024), "larger than 15 MB")],
)
def test_what_is_empty_or_too_large_is_refused(
    client: FlaskClient, key: str, reference: str, content: bytes, said: str
) -> None:
    answer = add(client, key, reference, ("files", "large.pdf", content))
    assert answer.status_code == 422
    assert said in answer.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("there", "size_bytes", "said"),
    [(FILES_MOST - 1, 9, f"There are {FILES_MOST} files already"), (1, 50 * 1024 * 1024 - 2000, "50 MB")],
)
def test_what_has_no_room_beside_the_others_is_refused_and_the_rest_kept(
    client: FlaskClient, key: str, reference: str, there: int, size_bytes: int, said: str
) -> None:
    for _ in range(there):
        papers.attached(reference, bytes(size_bytes))
    answer = add(client, key, reference, LETTER, ("files", "fax.tif", papers.fax(pages=9)))
    assert (answer.status_code, titles(answer, "kept")) == (201, ["Sampleton letter.pdf"])
    assert said in answer.get_json()["refused"][0]["why"]


def test_the_same_key_again_is_answered_as_the_first_time_and_adds_nothing(
    client: FlaskClient, key: str, reference: str
) -> None:
    first = add(client, key, reference, LETTER, ZIP, words="Two papers.")
    close(reference)
    before, looks = count(Event), len(trail.entries())
    again = add(client, key, reference, LETTER, ZIP, words="Two papers.")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert (count(Event), len(kept(reference))) == (before, 1)
    assert [entry.act for entry in trail.entries()[looks:]] == [Act.LOOKED]


def test_sent_several_times_at_once_a_key_adds_once(
    app: Flask, client: FlaskClient, key: str, reference: str
) -> None:
    with ThreadPoolExecutor(3) as threads:
        answers = list(
            threads.map(lambda _: add(app.test_client(), key, reference, LETTER, words="One."), range(3))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert (len(kept(reference)), stored(reference).version) == (1, 2)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (("files", LETTER[1], papers.pdf(pages=2)), "One."),
        (("files", "Other.pdf", LETTER[2]), "One."),
        (LETTER, "Two."),
    ],
)
def test_the_same_key_with_other_parts_is_a_conflict(
    client: FlaskClient, key: str, reference: str, part: Part, words: str
) -> None:
    add(client, key, reference, LETTER, words="One.")
    answer = add(client, key, reference, part, words=words)
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/replayed")
    assert len(kept(reference)) == 1


def test_another_system_is_told_of_nothing_and_it_is_written_down(
    client: FlaskClient, key: str, reference: str
) -> None:
    other, by_form = new_key("Another practice system"), send().reference
    before = len(trail.entries())
    found = [add(client, other, each, LETTER) for each in (reference, by_form, "2222-2222")]
    assert [answer.status_code for answer in found] == [404] * 3
    assert len({answer.text.replace(answer.get_json(force=True)["instance"], "") for answer in found}) == 1
    assert [entry.act for entry in trail.entries()[before:]] == [Act.REFUSED] * 3
    assert kept(reference) == kept(by_form) == []


def test_a_revoked_key_and_none_at_all_open_nothing(client: FlaskClient, key: str, reference: str) -> None:
    api_keys.revoke("Example practice system", actor=OPERATOR, now=NOW)
    assert [add(client, each, reference, LETTER).status_code for each in (key, "wrong")] == [401, 401]
    assert kept(reference) == []


def test_nothing_is_added_to_a_closed_referral(client: FlaskClient, key: str, reference: str) -> None:
    close(reference)
    answer = add(client, key, reference, LETTER)
    assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/closed")
    assert kept(reference) == []


@pytest.mark.parametrize(
    ("parts", "more", "named"),
    [
        ([], {}, {"files"}),
        ([], {"files": "Letter.pdf"}, {"files"}),
        ([LETTER, ("file", "b.pdf", LETTER[2])], {}, {"file"}),
        ([LETTER], {"note": "x"}, {"note"}),
        ([LETTER, ("words", "b.pdf", LETTER[2])], {}, {"words"}),
        ([LETTER], {"words": "x" * 5000}, {"words"}),
        ([LETTER], {"once": ""}, {"Idempotency-Key"}),
    ],
)
def test_parts_that_cannot_be_used_are_named(
    client: FlaskClient, key: str, reference: str, parts: list[Part], more: dict[str, str], named: set[str]
) -> None:
    answer = add(client, key, reference, *parts, **more)
    assert (answer.status_code, wrong(answer)) == (422, named)
    assert kept(reference) == []


def test_another_kind_of_body_is_a_problem(client: FlaskClient, key: str, reference: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}
    answer = client.post(f"/api/v1/referrals/{reference}/files", json={}, headers=headers)
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")


@pytest.fixture
def scanner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[clamd.Scanner]:
    with clamd.running() as server:
        settings = world().settings.model_copy(update={"scanner_url": server.url})
        monkeypatch.setitem(app.extensions, EXTENSION, replace(world(), settings=settings))
        yield server


def test_what_the_scanner_calls_harmful_is_refused(
    client: FlaskClient, key: str, reference: str, scanner: clamd.Scanner
) -> None:
    scanner.answer = b"stream: Test.Harmful FOUND\0"
    answer = add(client, key, reference, HARM)
    assert answer.status_code == 422
    assert "found something harmful" in answer.get_json()["errors"][0]["message"]
    assert kept(reference) == []


def test_while_the_scanner_is_away_a_file_is_told_to_be_in_quarantine(
    app: Flask, client: FlaskClient, key: str, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = world().settings.model_copy(update={"scanner_url": f"tcp://{LOOPBACK}:{free_port()}"})
    monkeypatch.setitem(app.extensions, EXTENSION, replace(world(), settings=away))
    answer = add(client, key, reference, LETTER)
    assert [each["state"] for each in answer.get_json()["kept"]] == ["quarantined"]
    assert [each.may_be_opened for each in kept(reference)] == [False]


def test_what_is_told_has_the_shape_that_is_described(client: FlaskClient, key: str, reference: str) -> None:
    told = description(client)
    operation = told["paths"]["/api/v1/referrals/{reference}/files"]["post"]
    assert list(operation["requestBody"]["content"]) == ["multipart/form-data"]
    for sent, once, status in ((LETTER, "1", "201"), (ZIP, "2", "422"), (FAX, "1", "409")):
        answer = add(client, key, reference, *([sent, ZIP] if sent is LETTER else [sent]), once=once)
        assert str(answer.status_code) == status
        (content,) = operation["responses"][status]["content"].values()
        matches(answer.get_json(force=True), content["schema"], told["components"]["schemas"])


def test_no_log_tells_a_name_a_note_or_a_key(client: FlaskClient, key: str, reference: str) -> None:
    with kept_lines() as log:
        add(client, key, reference, LETTER, ZIP, words="heard the marmalade sing")
        add(client, key, reference, ZIP, once="second")
        add(client, new_key("Another"), reference, LETTER)
    assert len(log.lines(event="answered")) == 3
    told = str(log.lines())
    assert not [mark for mark in ("Sampleton", "Mockingham", "marmalade", reference, key) if mark in told]


def test_words_of_crisis_in_a_note_are_answered_with_what_to_ask_at_once(
    client: FlaskClient, key: str, reference: str
) -> None:
    calm = add(client, key, reference, LETTER, words="Seen on Monday.").get_json()
    told = add(client, key, reference, FAX, words="Wants to kill himself.", once="more").get_json()
    assert calm["ask_now"] == []
    assert [each["code"] for each in told["ask_now"]] == ["words"]
    assert "988" in told["ask_now"][0]["words"]
