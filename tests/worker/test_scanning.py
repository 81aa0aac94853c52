"""A scanner that is away opens nothing: files wait, are seen to wait, and are opened or removed when it is back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.doors.world import EXTENSION, world
from portal.gateways.scanner import scanner
from portal.worker.scanning import Rescanner
from tests import papers
from tests.servers import clamd
from tests.servers.clamd import HARMFUL
from tests.servers.loopback import LOOPBACK, free_port
from tests.web import practice
from tests.web.desk import open_page
from tests.web.test_files import listed, titles, upload

AWAY = f"tcp://{LOOPBACK}:{free_port()}"
LETTER, HARM = ("Letter.pdf", papers.pdf()), ("harm.pdf", papers.pdf(said=HARMFUL))
FOUND = b"stream: Test.Harmful FOUND\0"


@pytest.fixture
def ask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the portal ask the scanner at an address."""

    def at(url: str) -> None:
        settings = world().settings.model_copy(update={"scanner_url": url})
        monkeypatch.setitem(app.extensions, EXTENSION, replace(world(), settings=settings))

    return at


@pytest.fixture
def waiting(client: FlaskClient, ask: Callable[[str], None]) -> str:
    """A draft with a letter that no scanner has seen: it was away."""
    draft = practice.begin(client)
    ask(AWAY)
    assert upload(client, draft, LETTER).status_code == 303
    return draft


def rescanned(url: str) -> int:
    db.session.rollback()
    return Rescanner(scanner(url)).turn()


def said(client: FlaskClient, draft: str) -> str:
    db.session.rollback()
    return " ".join("".join(open_page(client, f"{draft}/files").itertext()).split())


def test_a_harmful_file_is_refused_as_it_comes_and_the_others_are_kept(
    client: FlaskClient, ask: Callable[[str], None]
) -> None:
    draft = practice.begin(client)
    with clamd.running() as server:
        server.answer = FOUND
        ask(server.url)
        answer = upload(client, draft, HARM)
        assert answer.status_code == 422
        assert "found something harmful in this file" in answer.text
        server.answer = None
        assert upload(client, draft, LETTER).status_code == 303
    assert titles(client, draft) == ["Letter.pdf"]
    assert "Being checked" not in said(client, draft)


def test_while_the_scanner_is_away_a_file_waits_and_nobody_opens_it(
    client: FlaskClient, waiting: str
) -> None:
    assert titles(client, waiting) == ["Letter.pdf"]
    assert "Being checked for viruses" in said(client, waiting)
    tree = open_page(client, f"{waiting}/files")
    assert [link for link in tree.iter("a") if link.get("download") is not None] == []
    assert rescanned(AWAY) == 0
    assert "Being checked for viruses" in said(client, waiting)


def test_what_waited_is_opened_or_removed_once_the_scanner_is_back(client: FlaskClient, waiting: str) -> None:
    with clamd.running() as server:
        assert rescanned(server.url) == 1
        assert b"%PDF-" in server.seen[0]
        assert "Being checked" not in said(client, waiting)
        upload(client, waiting, LETTER)
        server.answer = FOUND
        assert rescanned(server.url) == 1
    assert listed(open_page(client, f"{waiting}/files")) == ["Letter.pdf", "Letter.pdf"]
    assert "found something harmful in it" in said(client, waiting)


@pytest.mark.usefixtures("waiting")
def test_a_scanner_that_did_not_look_is_left_alone_for_a_while() -> None:
    with clamd.running() as server:
        server.answer = b"INSTREAM size limit exceeded. ERROR\0"
        patient = Rescanner(scanner(server.url))
        impatient = Rescanner(scanner(server.url), pause_seconds=0)
        assert [patient.turn(), patient.turn(), impatient.turn(), impatient.turn()] == [0, 0, 0, 0]
        assert len(server.seen) == 3


def test_without_a_scanner_what_waits_stays_closed(client: FlaskClient, waiting: str) -> None:
    assert rescanned("") == 0
    assert "Being checked for viruses" in said(client, waiting)
