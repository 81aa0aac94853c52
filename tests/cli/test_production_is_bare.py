"""Nothing that is made for a demonstration is there in production: no members, no codes, no invented clinics."""

from pathlib import Path

from portal.vault import new_line
from tests.cli.test_check import DRAWN, URL, flask


def test_production_gets_no_demonstration(tmp_path: Path) -> None:
    production = {
        "PORTAL_ENV": "production",
        "SECRET_KEY": DRAWN,
        "KEYS": new_line().strip(),
        "PUBLIC_URL": URL,
        "MAIL_URL": "smtps://mail.example",
    }
    folder = tmp_path / "instance"
    code, words = flask(folder, "prepare", **production)
    assert (code, "password" in words, "@" in words) == (0, False, False), words
    code, words = flask(folder, "members", "list", **production)
    assert (code, "@" in words) == (0, False), words
    for command in (("seed", "--example-network"), ("members", "code", "fern")):
        code, words = flask(folder, *command, **production)
        assert (code, "production" in words) == (1, True), words
