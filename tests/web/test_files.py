"""A practice adds files to a form, removes them and takes them back; what is refused loses nothing else."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pikepdf import Encryption
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from portal.domain.files import FILES_MOST
from portal.doors.buffering import REFUSED
from portal.doors.refusals import TooLarge
from portal.doors.uploads import BODY_MOST_BYTES
from tests import papers
from tests.html import page, words
from tests.web import practice
from tests.web.desk import field_value, open_page

LETTER = ("Letter.pdf", papers.pdf(said=b"Two adequate trials"))


def upload(client: FlaskClient, draft: str, *files: tuple[str, bytes], **fields: str) -> TestResponse:
    """Send files as a browser does."""
    fields = {"csrf_token": field_value(open_page(client, f"{draft}/files"), "csrf_token")} | fields
    return post(client, f"{draft}/files", *files, **fields)


def post(client: FlaskClient, path: str, *files: tuple[str, bytes], **fields: str) -> TestResponse:
    sent = MultiDict[str, str | FileStorage](fields)
    for name, content in files:
        sent.add("files", FileStorage(BytesIO(content), filename=name))
    # Not by way of a file on the disk, which a test must find empty.
    boundary, body = encode_multipart(sent)
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def listed(tree: Any) -> list[str]:
    """The names of the files that a page lists."""
    return [str(each.text) for each in tree.iter() if each.get("class") == "file-title"]


def titles(client: FlaskClient, draft: str) -> list[str]:
    return listed(open_page(client, f"{draft}/files"))


def address(client: FlaskClient, draft: str) -> str:
    """The address of the first file."""
    (link, *_) = [a for a in open_page(client, f"{draft}/files").iter("a") if a.get("download") is not None]
    return str(link.get("href"))


@pytest.mark.parametrize("spoil", [lambda body: body[:-40], lambda body: body.replace(b"scan", b"sc\xe4n")])
def test_a_body_that_cannot_be_read_is_not_called_too_old(
    client: FlaskClient, spoil: Callable[[bytes], bytes]
) -> None:
    draft = practice.begin(client)
    token = field_value(open_page(client, f"{draft}/files"), "csrf_token")
    sent = MultiDict[str, str | FileStorage]({"csrf_token": token})
    sent.add("files", FileStorage(BytesIO(papers.jpeg()), filename="scan.jpg"))
    boundary, body = encode_multipart(sent)
    answer = client.post(
        f"{draft}/files", data=spoil(body), content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 400
    assert "What you sent could not be read" in words(page(answer))
    assert "open too long" not in words(page(answer))


def test_files_are_added_listed_and_come_back_clean(client: FlaskClient) -> None:
    draft = practice.begin(client)
    answer = upload(client, draft, LETTER, ("scan.jpeg", papers.jpeg()), ("fax.tif", papers.fax()))
    assert (answer.status_code, answer.location) == (303, f"{draft}/files")
    assert titles(client, draft) == ["Letter.pdf", "scan.jpg", "fax.pdf"]
    found = client.get(address(client, draft))
    assert b"Two adequate trials" in papers.unpacked(found.data)


def test_a_download_is_a_file_that_runs_nowhere_and_is_not_kept(client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(client, draft, ("Befund \N{SNOWMAN}.pdf", papers.pdf()))
    told = client.get(address(client, draft)).headers
    assert told["Content-Type"] == "application/pdf"
    assert (
        told["Content-Disposition"]
        == "attachment; filename=\"Befund .pdf\"; filename*=UTF-8''Befund%20%E2%98%83.pdf"
    )
    assert told["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.pdf", b"PK\x03\x04" + bytes(99), "Save it as a PDF"),
        ("scan.png", papers.encoded(Image.new("1", (10_000, 10_000)), "PNG"), "has 100 megapixels"),
        ("letter.pdf", papers.pdf(encryption=Encryption(user="x", owner="y")), "has a password"),
        ("fax.tif", papers.fax()[:-900], "picture is broken"),
        ("Psychotherapy notes.pdf", papers.pdf(), "stay with the therapist"),
        ("large.pdf", b"%PDF-" + bytes(15 * 1024 * 1024), "larger than 15 MB"),
        ("nothing.pdf", b"", "This file is empty"),
    ],
)
def test_a_refused_file_says_why_and_loses_nothing_else(
    client: FlaskClient, name: str, content: bytes, said: str
) -> None:
    draft = practice.begin(client)
    practice.fill_step(client, draft, "patient")
    answer = upload(client, draft, LETTER, (name, content), ("scan.jpg", papers.jpeg()))
    assert answer.status_code == 422
    assert f"<strong>{name}</strong> was not added." in answer.text
    assert said in answer.text
    assert listed(page(answer)) == ["Letter.pdf", "scan.jpg"]
    assert field_value(open_page(client, f"{draft}/patient"), "patient.name") == "Cedar Sampleton"


def test_a_name_that_leads_elsewhere_is_only_a_name(client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(
        client,
        draft,
        ("../../x", papers.pdf()),
        ("..\\a\x07b y.exe", papers.png()),
        ("<b>.pdf", papers.pdf()),
    )
    assert titles(client, draft) == ["x.pdf", "a b y.png", "<b>.pdf"]


def test_a_file_is_removed_and_the_others_stay(client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(client, draft, LETTER, ("scan.jpg", papers.jpeg()))
    path = address(client, draft)
    token = field_value(open_page(client, f"{draft}/files"), "csrf_token")
    answer = client.post(f"{path}/remove", data={"csrf_token": token})
    assert answer.status_code == 303
    assert titles(client, draft) == ["scan.jpg"]
    assert client.get(path).status_code in {303, 404}


def test_no_file_chosen_is_asked_for(client: FlaskClient) -> None:
    draft = practice.begin(client)
    answer = upload(client, draft, ("", b""))
    assert answer.status_code == 422
    assert "Choose a file first" in answer.text


def test_a_page_that_was_open_too_long_says_so_and_keeps_what_is_there(client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(client, draft, LETTER)
    answer = upload(client, draft, ("scan.jpg", papers.jpeg()), csrf_token="stale")
    assert answer.status_code == 400
    assert "open too long" in answer.text
    assert listed(page(answer)) == ["Letter.pdf"]


def test_a_draft_that_is_gone_says_so(client: FlaskClient) -> None:
    draft = practice.begin(client)
    token = field_value(open_page(client, f"{draft}/files"), "csrf_token")
    client.post(f"{draft}/discard", data={"csrf_token": token})
    answer = post(client, f"{draft}/files", ("a.pdf", papers.pdf()), csrf_token=token)
    assert answer.status_code == 404


def test_another_browser_finds_no_file_of_a_draft(app: Flask, client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(client, draft, LETTER)
    path = address(client, draft)
    other = app.test_client()
    assert other.get(path).status_code == 404
    own = practice.begin(other)
    name = path.rpartition("/")[2]
    assert b"%PDF" not in other.get(f"{own}/files/{name}").data


def test_more_than_50_mb_at_once_is_said_on_the_page(client: FlaskClient) -> None:
    draft = practice.begin(client)
    upload(client, draft, LETTER)
    answer = upload(client, draft, ("large.pdf", bytes(BODY_MOST_BYTES)))
    assert (answer.status_code, answer.location) == (303, f"{draft}/files?much=yes")
    again = open_page(client, answer.location)
    assert "more than 50 MB together" in "".join(again.itertext())
    assert listed(again) == ["Letter.pdf"]


def test_what_is_too_large_and_no_file_is_not_called_one(client: FlaskClient) -> None:
    draft = practice.begin(client)
    answer = client.post(f"{draft}/files", data={"words": "x"}, environ_overrides={REFUSED: TooLarge()})
    assert answer.status_code == 413
    assert "The answers together are larger" in words(page(answer))


def test_a_stopped_form_takes_no_file(client: FlaskClient) -> None:
    draft = practice.begin(client)
    token = field_value(open_page(client, f"{draft}/files"), "csrf_token")
    practice.fill(client, f"{draft}/safety", {"safety.immediate_danger": "yes"}, action=f"{draft}/safety")
    answer = post(client, f"{draft}/files", ("a.pdf", papers.pdf()), csrf_token=token)
    assert (answer.status_code, answer.location) == (303, f"{draft}/stopped")


def test_a_large_file_is_never_written_to_the_disk(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a file in plain on the disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    draft = practice.begin(client)
    large = papers.encoded(Image.effect_noise((1500, 1500), 90), "PNG")
    assert len(large) > 1024 * 1024
    assert upload(client, draft, ("large.png", large)).status_code == 303


@pytest.mark.one_database("sqlite")
def test_what_comes_after_the_twentieth_file_is_told_so_and_a_refused_one_takes_no_place(
    client: FlaskClient,
) -> None:
    draft = practice.begin(client)
    scans = [(f"scan {number}.jpg", papers.jpeg()) for number in range(FILES_MOST + 2)]
    answer = upload(client, draft, ("notes.docx", b"PK\x03\x04"), *scans)
    said = words(page(answer))
    assert listed(page(answer)) == [name for name, _content in scans[:FILES_MOST]]
    for name, _content in scans[FILES_MOST:]:
        assert f"{name} was not added. There are {FILES_MOST} files already" in said
