"""Saving a long draft beside an empty page of the same application: 200 medicines, 20 files, by typing and by button."""

import itertools
import re
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from flask import Flask

from bench import figures, server
from bench.connection import Connection, get, post
from bench.crew import Operations, crew
from portal import vault
from portal.actions import drafts, files
from portal.app import create_app
from portal.db import db
from portal.domain import intake
from portal.domain.drafts import DraftKey, Started
from portal.domain.files import Cleaned, FileKind, FileState, NewFile
from portal.domain.intake.table import cell
from portal.domain.letters import Site
from portal.domain.safety import Said
from portal.domain.stops import Alarm
from portal.doors.world import now
from tests.build import SAFE, TYPED
from tests.servers.loopback import LOOPBACK

CLIENTS = 4
FILES = 20
FILE_BYTES = 20_000
KEEP_FOR = timedelta(days=30)
MEDICINES = intake.ROWS["medicines"]
ROWS = {
    cell(MEDICINES, number, column): f"{column.example} {number}"
    for number in range(MEDICINES.most)
    for column in MEDICINES.columns
}
CHANGED = "medicines.7.dose"
OTHER_ROWS = {name: value for name, value in ROWS.items() if name != CHANGED}
STEP = "checklist"
TYPING, ALL_TYPED, BUTTON = "as one types", "as one types, all rows at once", "by the button"
LIMIT = 10
"""How many empty pages a save may cost."""


def run(*, rounds: int) -> list[str]:
    """Measure on SQLite; return what was wrong."""
    with TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        server.set_up(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
        app = create_app()
        with server.running() as port, crew(partial(operations, app, port), size=CLIENTS) as turn:
            played = figures.play(turn, [server.EMPTY, TYPING, ALL_TYPED, BUTTON], rounds=rounds)
    title = (
        f"Saves a second of a draft with {MEDICINES.most} medicines and {FILES} files, as a share of empty pages\n"
        f"({CLIENTS} clients, each with its own draft, each save durable; {rounds} rounds; 0.1 is the limit)"
    )
    print(figures.table(title, played, peer=server.EMPTY), flush=True)
    shares = {name: figures.share(played, name, peer=server.EMPTY) for name in (TYPING, ALL_TYPED, BUTTON)}
    return [
        f"saving a long draft {name} costs {1 / share:.0f} empty pages"
        for name, share in shares.items()
        if share < 1 / LIMIT
    ]


def operations(app: Flask, port: int) -> Operations:
    """Return what one browser does with a draft of its own."""
    started = long_draft(app)
    connection, count = Connection(port), itertools.count(1)
    path = f"/refer/{started.name}/{STEP}"
    cookies, form = open_step(port, path, f"draft-{started.name}={started.key}")
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}

    # What stays the same is written once: what is measured is the server.
    few, all_rows = (urlencode(form | rows).encode() for rows in ({}, OTHER_ROWS))

    def sender(body: bytes) -> Callable[[], object]:
        def send() -> bytes:
            number = next(count)
            changed = urlencode({CHANGED: f"{number} mg", "turn": str(number)}).encode()
            return connection.ask(post(f"{path}/typed", headers, body + b"&" + changed), expects=200)

        return send

    # The script is refused once the button was pressed on the same showing, so the button has a draft of its own.
    pressed = long_draft(app)
    press_path = f"/refer/{pressed.name}/{STEP}"
    press_cookies, press_form = open_step(port, press_path, f"draft-{pressed.name}={pressed.key}")
    press_headers = {**headers, "Cookie": press_cookies}
    press_rows = urlencode(press_form | OTHER_ROWS).encode()

    def press() -> bytes:
        changed = urlencode({CHANGED: f"{next(count)} mg"}).encode()
        return connection.ask(post(press_path, press_headers, press_rows + b"&" + changed), expects=303)

    return {
        server.EMPTY: partial(connection.ask, get(server.EMPTY)),
        TYPING: sender(few),
        ALL_TYPED: sender(all_rows),
        BUTTON: press,
    }


def long_draft(app: Flask) -> Started:
    """Begin a draft with every row of medicines and as many files as it may have."""
    with app.app_context():
        moment = now()
        started = drafts.start(
            Said(at=moment, answers=SAFE),
            typed={name: TYPED[name] for name in TYPED if name != "consent"} | ROWS,
            keep_for=KEEP_FOR,
            alarm=Alarm(site=Site(name="Bench", url="http://127.0.0.1")),
        )
        key = DraftKey(name=started.name, digest=vault.digest(started.key))
        cleaned = Cleaned(kind=FileKind.PDF, content=b"%PDF-1.7 " + b"x" * FILE_BYTES)
        for number in range(FILES):
            new = NewFile(title=f"Letter {number}.pdf", cleaned=cleaned, state=FileState.CLEAN)
            files.add_to_draft(key, new, now=moment, keep_for=KEEP_FOR)
        db.session.remove()
    return started


def open_step(port: int, path: str, cookie: str) -> tuple[str, dict[str, str]]:
    """Open the page of a step; return the cookies of the browser and the hidden fields of the form."""
    with closing(HTTPConnection(LOOPBACK, port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        text = answer.read().decode()
    session = next(said for said in answer.headers.get_all("Set-Cookie", []) if said.startswith("session="))
    hidden = {
        name: found[1]
        for name in ("csrf_token", "showing")
        if (found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', text))
    }
    if len(hidden) < 2:
        raise RuntimeError(f"{path} was answered with {answer.status} and is no step of a form")
    return f"{cookie}; {session.partition(';')[0]}", hidden
