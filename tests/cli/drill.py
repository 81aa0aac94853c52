"""A portal of its own with referrals in it, its commands, and ways to lose it; for the tests of backups."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import make_url

from portal.actions import drafts
from portal.app import create_app
from portal.config import ROOT, Settings
from portal.db import Base, db
from portal.domain.lifecycle import Move
from portal.domain.safety import Said
from tests.build import ALARM, NOW, SAFE, move, new_referral, send
from tests.cast import Cast, gather
from tests.conftest import Browser, new_postgres_database
from tests.html import page, words
from tests.papers import attached

FEW = 6
MARK = "Zebulon"
"""In the name of every patient, and in every draft: what no backup may show."""
SPAN = re.compile(r"\d+ (?:days?|h|min)(?: \d+ (?:h|min))?")
"""A time that goes on while the page is read again."""


@dataclass
class Own:
    """A portal of its own."""

    app: Flask
    settings: Settings
    references: list[str]

    def flask(self, *command: str) -> Result:
        """Run a command in this process."""
        return self.app.test_cli_runner().invoke(args=command)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        environment = os.environ | {
            "FLASK_APP": "portal.app:create_app",
            "INSTANCE_PATH": str(self.settings.instance_path),
            "DATABASE_URL": self.settings.database_url,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "flask", *command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all that every table holds."""
        with self.app.app_context(), db.engine.connect() as connection:
            found = {
                table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
                for table in Base.metadata.sorted_tables
            }
        self.close()
        return found

    def pages(self) -> list[str]:
        """Return what a member reads of every referral, each opened in the portal, but how long ago it was."""
        with self.app.app_context():
            browser = Cast(self.app).browser("birch")
            pages = (read(browser, f"/staff/referrals/{reference}") for reference in self.references)
            found = [SPAN.sub("some time", said) for said in pages]
        self.close()
        return found

    def close(self) -> None:
        """Close every connection to the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def lose(self) -> None:
        """Lose all that the database holds."""
        self.close()
        url = make_url(self.settings.database_url)
        if url.get_backend_name() == "sqlite":
            Path(url.database or "").unlink()
            return
        with self.app.app_context(), db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        self.close()


def read(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    # Who looked is told below, and this look is one more.
    return words(page(answer).find(".//main")).partition("Who looked")[0]


def own_portal(folder: Path, kind: str, *, referrals: int = FEW) -> Own:
    """Make one with referrals, half of them accepted, a file and a draft."""
    url = "" if kind == "sqlite" else new_postgres_database()
    settings = Settings(_env_file=None, instance_path=folder / "instance", database_url=url)
    app = create_app(settings)
    app.test_client_class = Browser
    own = Own(app=app, settings=settings, references=[])
    with app.app_context():
        upgrade()
        gather()
        dahlia = Cast(app).actor("dahlia")
        for number in range(referrals):
            receipt = send(new_referral(name=f"{MARK} Sampleton {number}"))
            own.references.append(receipt.reference)
            if number % 2:
                move(receipt.reference, Move.CLAIM, dahlia)
                move(receipt.reference, Move.ACCEPT, dahlia, words=f"{MARK} may come")
        # Of several parts, each as large as a row may be.
        attached(own.references[0], MARK.encode() * 50_000)
        answer = Said(at=NOW, answers=SAFE)
        drafts.start(answer, typed={"patient.name": MARK}, keep_for=timedelta(days=30), alarm=ALARM)
    own.close()
    return own


def end(part: subprocess.Popen[str]) -> str:
    """Kill a command that goes on, and return what it said."""
    part.send_signal(signal.SIGKILL)
    return part.communicate(timeout=60)[0]
