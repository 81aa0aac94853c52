"""A setting that is weak, wrong or open to others is named before the portal starts, and its value is never shown."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.app import create_app
from portal.config import DEVELOPMENT_SECRET, ROOT, Settings
from portal.doors.soundness import findings, refuse
from portal.vault import new_line

DRAWN = secrets.token_hex()
URL = "https://referrals.example"
POSTGRES = "postgresql+psycopg://user:planted@database.example/portal"


def settings(folder: Path, **changes: Any) -> Settings:
    right = {"secret_key": DRAWN, "public_url": URL, "keys": new_line(), "mail_url": "smtps://mail.example"}
    given = right | {"portal_env": "production"} | changes
    return Settings(_env_file=None, instance_path=folder / "instance", **given)


def said(folder: Path, **changes: Any) -> list[str]:
    """Return what production says of settings that are right but for these."""
    return [str(found) for found in findings(settings(folder, **changes))]


def test_what_is_right_starts_in_production_and_what_is_wrong_does_not(tmp_path: Path) -> None:
    assert said(tmp_path) == []
    assert create_app(settings(tmp_path)).config["SESSION_COOKIE_SECURE"]
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        create_app(settings(tmp_path, secret_key=""))


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"secret_key": ""}, "SECRET_KEY is not given"),
        ({"secret_key": DEVELOPMENT_SECRET}, "SECRET_KEY is not given"),
        ({"secret_key": DRAWN[:31]}, "SECRET_KEY has fewer than 32"),
        ({"secret_key": "s" * 64}, "SECRET_KEY repeats itself"),
        ({"secret_key": "abcd" * 12}, "SECRET_KEY repeats itself"),
        ({"secret_key": DRAWN[:20] * 3}, "SECRET_KEY repeats itself"),
        ({"secret_key": "change-me" + DRAWN}, "SECRET_KEY is not a drawn secret"),
        ({"secret_key": "a secret of the tests, forty characters"}, "SECRET_KEY is not a drawn secret"),
        ({"public_url": "http://referrals.example"}, "PUBLIC_URL must start with https"),
        ({"keys": ""}, "KEY_FILE or KEYS must be given"),
        ({"mail_url": "smtp://mail.example:25"}, "MAIL_URL would send keys in the clear"),
        ({"mail_url": ""}, "MAIL_URL is not given"),
        (
            {"scanner_url": "tcp://scanner.example:3310"},
            "SCANNER_URL would send patients' files in the clear",
        ),
        ({"database_url": f"{POSTGRES}"}, "DATABASE_URL must end with ?sslmode=verify-full"),
        ({"database_url": f"{POSTGRES}?sslmode=require"}, "DATABASE_URL must end with ?sslmode=verify-full"),
        ({"limits_url": "valkey://store.example:6379/0"}, "LIMITS_URL would be asked in the clear"),
        ({"limits_url": "redis://store.example"}, "LIMITS_URL would be asked in the clear"),
    ],
)
def test_production_refuses_and_development_does_not(
    tmp_path: Path, changes: dict[str, str], part: str
) -> None:
    (found,) = said(tmp_path, **changes)
    assert part in found
    with pytest.raises(SystemExit, match="The portal does not start"):
        refuse(settings(tmp_path, **changes))
    refuse(settings(tmp_path, portal_env="development", **changes))


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"public_url": f"{URL}/"}, "PUBLIC_URL must be"),
        ({"public_url": f"{URL}/clinic"}, "PUBLIC_URL must be"),
        ({"public_url": f"{URL}?from=mail"}, "PUBLIC_URL must be"),
        ({"public_url": "https://user:planted@referrals.example"}, "PUBLIC_URL must be"),
        ({"public_url": "https://referrals.example:port"}, "PUBLIC_URL must be"),
        ({"public_url": "referrals.example"}, "PUBLIC_URL must be"),
        ({"database_url": "postgres://user:planted@host/name"}, "DATABASE_URL must begin"),
        ({"database_url": "planted"}, "DATABASE_URL must begin"),
        ({"database_url": "sqlite+planted:///x"}, "DATABASE_URL must begin"),
        ({"mail_url": "http://user:planted@mail.example"}, "MAIL_URL must be"),
        ({"mail_url": "smtps://user:planted@mail.example:port"}, "MAIL_URL must be"),
        ({"mail_url": "smtps://"}, "MAIL_URL must be"),
        ({"scanner_url": "http://127.0.0.1"}, "SCANNER_URL must be"),
        ({"scanner_url": "unix://"}, "SCANNER_URL must be"),
        ({"mail_from": "planted"}, "MAIL_FROM must be"),
        ({"mail_from": "one@example.com\nBcc: planted@example.com"}, "MAIL_FROM must be"),
        ({"home_zone": "America/Planted"}, "HOME_ZONE is no time zone"),
        ({"home_zone": "../../etc/passwd"}, "HOME_ZONE is no time zone"),
        ({"home_state": "Alaska"}, "HOME_STATE must be"),
    ],
)
def test_what_is_wrong_stops_every_start_and_is_not_shown(
    tmp_path: Path, changes: dict[str, str], part: str
) -> None:
    with pytest.raises(SystemExit, match=part) as raised:
        refuse(settings(tmp_path, portal_env="development", **changes))
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize("name", ["key_file", "audit_head_file"])
def test_what_guards_the_folder_lies_outside_of_it(tmp_path: Path, name: str) -> None:
    (found,) = said(tmp_path, **{name: tmp_path / "instance" / "deeper" / ".." / "file"})
    assert "must lie outside" in found


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file")
    assert said(tmp_path) == ["INSTANCE_PATH is no folder that the portal may write to"]
    assert len(said(tmp_path / "instance")) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_file_open_to_others_stops_production_and_warns_development(
    tmp_path: Path, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "portal.keys"
    path.write_text(new_line())
    path.chmod(mode)
    (found,) = said(tmp_path, keys="", key_file=path)
    assert "KEY_FILE may be read by others" in found
    refuse(settings(tmp_path, keys="", key_file=path, portal_env="development"))
    assert found in capsys.readouterr().err
    path.chmod(0o600)
    assert said(tmp_path, keys="", key_file=path) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"database_url": f"{POSTGRES}?sslmode=verify-full"},
        {"database_url": "postgresql+psycopg://user@127.0.0.1/portal"},
        {"database_url": "postgresql+psycopg://user@/portal?host=/run/postgresql"},
        {"limits_url": "valkeys://store.example"},
        {"limits_url": "redis://127.0.0.1:6379/0"},
        {"mail_url": "smtp://127.0.0.1:1025"},
        {"scanner_url": "tcp://127.0.0.1:3310"},
        {"scanner_url": "unix:///run/clamav/clamd.ctl"},
    ],
)
def test_what_is_spoken_to_over_tls_or_on_this_machine_is_right(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    assert said(tmp_path, **changes) == []


def test_a_folder_open_to_others_stops_production_and_warns_development(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder := tmp_path / "instance").mkdir()
    folder.chmod(0o755)
    (found,) = said(tmp_path)
    assert "INSTANCE_PATH may be read by others" in found
    refuse(settings(tmp_path, portal_env="development"))
    assert found in capsys.readouterr().err
    folder.chmod(0o700)
    assert said(tmp_path) == []


@pytest.mark.parametrize("given", ["1", "true"])
def test_production_is_never_debugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("FLASK_DEBUG", given)
    assert said(tmp_path) == ["FLASK_DEBUG must not be set; a debugger shows what is in memory"]
    with pytest.raises(SystemExit, match="FLASK_DEBUG"):
        create_app(settings(tmp_path))


NONSENSE = {
    "NOTICE_DELAY_SECONDS": "-131",
    "STATUS_LINK_DAYS": "-77",
    "DRAFT_DAYS": "100000",
    "MAX_BODY_BYTES": "1e9",
    "TRUSTED_PROXIES": "99",
    "PORTAL_ENV": "testing",
}


def flask(folder: Path, *command: str, **changes: str) -> tuple[int, str]:
    environment = os.environ | {"FLASK_APP": "portal.app:create_app", "INSTANCE_PATH": str(folder), **changes}
    done = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_numbers_that_make_no_sense_are_all_named_at_once(tmp_path: Path) -> None:
    code, words = flask(tmp_path / "instance", "check", **NONSENSE)
    assert (code, "Traceback" in words) == (1, False)
    for name, value in NONSENSE.items():
        assert name in words
        assert value not in words


def test_no_password_of_the_database_is_told_when_it_is_away(tmp_path: Path) -> None:
    url = "postgresql+psycopg://user:planted@127.0.0.1:9/name"
    code, words = flask(tmp_path / "instance", "clinics", "export", DATABASE_URL=url)
    assert code == 1
    assert "planted" not in words


def test_the_check_tells_what_is_given_and_what_production_would_refuse(tmp_path: Path) -> None:
    changes = {
        "SECRET_KEY": DRAWN,
        "KEYS": new_line().strip(),
        "DATABASE_URL": f"sqlite:///{tmp_path}/planted.sqlite3",
        "MAIL_URL": "smtps://user:planted@mail.example",
        "SITE_NAME": "Sampleton Clinics",
    }
    code, words = flask(tmp_path / "instance", "check", **changes)
    assert code == 1
    assert "Production would refuse: PUBLIC_URL must start with https://." in words
    assert "Sampleton Clinics\n" in words
    assert "DRAFT_DAYS                30 (default)" in words
    for secret in (DRAWN, changes["KEYS"], "planted"):
        assert secret not in words
    code, words = flask(tmp_path / "instance", "check", **changes, PUBLIC_URL=URL)
    assert (code, "Nothing is wrong" in words) == (0, True), words


def test_every_setting_is_listed(app: Flask) -> None:
    listed = app.test_cli_runner().invoke(args=["check"]).output
    assert {name.upper() for name in Settings.model_fields} <= {
        line.split()[0] for line in listed.splitlines()
    }
