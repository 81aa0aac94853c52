"""Whether the settings may be used: each finding names a setting and the way out, and never shows its value.

What is wrong everywhere stops every start. The rest stops production; elsewhere `flask check` tells of it.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import click
from flask.helpers import get_debug_flag
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from portal.config import DEVELOPMENT_SECRET, ROOT, Settings

SECRET_LEAST = 32
LETTERS_LEAST = 10
"""How many different characters a drawn secret of 32 has, all but surely, also when it is written in hex."""
NOT_DRAWN = re.compile(
    r"change.?me|example|default|password|development|a secret of|1234567|abcdefg", re.IGNORECASE
)
DATABASES = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}
MAIL = {"smtp", "smtps", "smtp+tls"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
STORES_IN_THE_CLEAR = {"redis", "valkey"}
ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What is wrong with a setting."""

    setting: str
    said: str
    everywhere: bool = False
    """Whether it is wrong in development too."""
    said_always: bool = False
    """Whether development is at least warned of it at each start."""

    def __str__(self) -> str:
        """Return it as a line."""
        return f"{self.setting} {self.said}"


def findings(settings: Settings) -> list[Finding]:
    """Return all that is wrong, or would be in production."""
    return [found for check in _CHECKS for found in check(settings)]


def refuse(settings: Settings) -> None:
    """Leave the program with a sentence for each finding that counts here."""
    found = findings(settings)
    counted = [each for each in found if each.everywhere or settings.production]
    if counted:
        raise SystemExit("\n  ".join(["The portal does not start:", *map(str, counted)]))
    for each in found:
        if each.said_always:
            click.echo(f"{each}. Production would not start.", err=True)


def _secret_key(settings: Settings) -> Iterator[Finding]:
    secret, draw = settings.secret_key, "`python3 -c 'import secrets; print(secrets.token_hex())'` draws one"
    if secret == DEVELOPMENT_SECRET:
        yield Finding(setting="SECRET_KEY", said=f"is not given; {draw}")
    elif len(secret) < SECRET_LEAST:
        yield Finding(setting="SECRET_KEY", said=f"has fewer than {SECRET_LEAST} characters; {draw}")
    elif len(set(secret)) < LETTERS_LEAST or secret in (secret * 2)[1:-1]:
        yield Finding(setting="SECRET_KEY", said=f"repeats itself; {draw}")
    elif NOT_DRAWN.search(secret):
        yield Finding(setting="SECRET_KEY", said=f"is not a drawn secret; {draw}")


def _key_file(settings: Settings) -> Iterator[Finding]:
    if not (settings.keys or settings.key_file):
        yield Finding(setting="KEY_FILE", said="or KEYS must be given; `python -m portal.vault` prints a key")
    elif not settings.keys and _others_may_read(settings.key_path):
        said = "may be read by others on this machine; `chmod 600` it"
        yield Finding(setting="KEY_FILE", said=said, said_always=True)
    if _others_may_read(ROOT / ".env"):
        yield Finding(setting=".env", said="may be read by others on this machine; `chmod 600` it")


def _others_may_read(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & OTHERS)


def _folders(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance_path.resolve()
    for name, path in (("KEY_FILE", settings.key_path), ("AUDIT_HEAD_FILE", settings.audit_head_path)):
        if path.resolve().is_relative_to(folder):
            said = "must lie outside the instance folder: whoever takes that away shall not have both"
            yield Finding(setting=name, said=said, everywhere=True)
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        said = "is no folder that the portal may write to"
        yield Finding(setting="INSTANCE_PATH", said=said, everywhere=True)
    elif folder.is_dir() and _others_may_read(folder):
        # The files in it are made with the modes of the machine.
        said = "may be read by others on this machine; `chmod 700` it"
        yield Finding(setting="INSTANCE_PATH", said=said, said_always=True)


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in DATABASES:
        said = "must begin with sqlite:/// and a path, or postgresql+psycopg:// and user:password@host/name"
        yield Finding(setting="DATABASE_URL", said=said, everywhere=True)
    elif _is_away(url) and url.query.get("sslmode") != "verify-full":
        said = "must end with ?sslmode=verify-full where the server is on another machine"
        yield Finding(setting="DATABASE_URL", said=said)


def _is_away(url: URL) -> bool:
    # A socket of this machine is a path.
    named = url.query.get("host", url.host or "")
    return named not in LOOPBACK | {""} and not str(named).startswith("/")


def _store(settings: Settings) -> Iterator[Finding]:
    parts = _split(settings.limits_url)
    if parts and parts.scheme in STORES_IN_THE_CLEAR and parts.hostname not in LOOPBACK:
        yield Finding(setting="LIMITS_URL", said="would be asked in the clear; use valkeys:// or rediss://")


def _public_url(settings: Settings) -> Iterator[Finding]:
    parts = _split(settings.public_url)
    more = (parts.path, parts.query, parts.fragment, parts.username) if parts else ()
    if not parts or parts.scheme not in {"http", "https"} or not parts.hostname or any(more):
        said = "must be http:// or https:// and a host, with nothing behind: https://referrals.example"
        yield Finding(setting="PUBLIC_URL", said=said, everywhere=True)
    elif parts.scheme == "http":
        yield Finding(setting="PUBLIC_URL", said="must start with https://")


def _mail(settings: Settings) -> Iterator[Finding]:
    parts = _split(settings.mail_url)
    if not settings.mail_url:
        yield Finding(
            setting="MAIL_URL", said="is not given; nobody would be told, and links would lie in files"
        )
    elif not parts or parts.scheme not in MAIL or not parts.hostname or parts.path.strip("/"):
        said = "must be smtps:// or smtp+tls:// and user:password@host:port"
        yield Finding(setting="MAIL_URL", said=said, everywhere=True)
    elif parts.scheme == "smtp" and parts.hostname not in LOOPBACK:
        yield Finding(setting="MAIL_URL", said="would send keys in the clear; use smtps:// or smtp+tls://")
    if not ADDRESS.fullmatch(settings.mail_from):
        yield Finding(
            setting="MAIL_FROM", said="must be one address, like referrals@clinic.example", everywhere=True
        )


def _scanner(settings: Settings) -> Iterator[Finding]:
    parts = _split(settings.scanner_url)
    if not settings.scanner_url:
        return
    if not parts or not (
        (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)
    ):
        said = "must be tcp:// and host:port, or unix:// and the path of a socket"
        yield Finding(setting="SCANNER_URL", said=said, everywhere=True)
    elif parts.scheme == "tcp" and parts.hostname not in LOOPBACK:
        said = "would send patients' files in the clear; run the scanner on this machine"
        yield Finding(setting="SCANNER_URL", said=said)


def _split(url: str) -> SplitResult | None:
    """Return the parts of a URL, None where it has none or its port is no port."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _home(settings: Settings) -> Iterator[Finding]:
    try:
        ZoneInfo(settings.home_zone)
    except (ValueError, OSError, LookupError):
        yield Finding(setting="HOME_ZONE", said="is no time zone, like America/Anchorage", everywhere=True)
    if not re.fullmatch("[A-Z]{2}", settings.home_state):
        yield Finding(setting="HOME_STATE", said="must be two capitals, like AK", everywhere=True)


def _debugging(_settings: Settings) -> Iterator[Finding]:
    if get_debug_flag():
        yield Finding(setting="FLASK_DEBUG", said="must not be set; a debugger shows what is in memory")


_CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _secret_key,
    _key_file,
    _folders,
    _database,
    _store,
    _public_url,
    _mail,
    _scanner,
    _home,
    _debugging,
)
