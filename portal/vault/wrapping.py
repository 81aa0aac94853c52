"""Wrapping keys: they open the content keys and nothing else, and are kept away from the database and its backups.

A file or the environment holds them, one a line, as `name:key` with 32 bytes of key in URL-safe base64; the last
one wraps, all of them unwrap. Another keeper of keys (a KMS) need only be a `Wrapping`.
"""

import binascii
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
DEVELOPMENT = "development-"
NAME = re.compile(r"[a-z0-9-]{1,40}")
REMARK = "#"
ALREADY_MADE = "# Made for a portal on somebody's own machine. Production refuses these keys.\n"


class KeyTrouble(Exception):
    """The keys cannot be used; the message says what to do and holds no key."""


class Wrapping(Protocol):
    """Who wraps and unwraps content keys; neither call changes what was wrapped before."""

    def wrap(self, key: bytes, *, about: str) -> tuple[str, bytes]:
        """Return the name of the wrapping key and the wrapped key, bound to what it is about."""

    def unwrap(self, name: str, wrapped: bytes, *, about: str) -> bytes:
        """Return the key; raise KeyTrouble when the named key is not here or does not fit."""


class WrappingKeys:
    """Wrapping keys held as text; read again when a name is not known, so that a new key needs no restart."""

    def __init__(self, source: Callable[[], str], *, where: str) -> None:
        """Read the keys; raise KeyTrouble when there is none or a line is not whole."""
        self._source, self._where = source, where
        self._keys = self._read()

    @property
    def for_development(self) -> bool:
        """Whether any of them was made by the portal itself, for a demonstration."""
        return any(name.startswith(DEVELOPMENT) for name in self._keys)

    @property
    def current(self) -> str:
        """Name of the key that wraps: the last of them, as they are now."""
        self._keys = self._read()
        return list(self._keys)[-1]

    def wrap(self, key: bytes, *, about: str) -> tuple[str, bytes]:
        """Wrap a key with the last of them."""
        name = self.current
        nonce = os.urandom(NONCE_BYTES)
        return name, nonce + AESGCM(self._keys[name]).encrypt(nonce, key, about.encode())

    def unwrap(self, name: str, wrapped: bytes, *, about: str) -> bytes:
        """Unwrap a key with the one it was wrapped by; raise KeyTrouble without it."""
        if name not in self._keys:
            self._keys = self._read()
        if name not in self._keys:
            raise KeyTrouble(
                f"{self._where} does not hold the key {name}, which opens this database. Put that key back, or "
                "point to the file that holds it. Nothing was changed."
            )
        try:
            cipher = AESGCM(self._keys[name])
            return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about.encode())
        except InvalidTag:
            raise KeyTrouble(
                f"The key {name} in {self._where} is not the one that this database was made with. Put the "
                "right key back. Nothing was changed."
            ) from None

    def _read(self) -> dict[str, bytes]:
        try:
            lines = self._source().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyTrouble(f"{self._where} cannot be read: {type(error).__name__}.") from None
        found: dict[str, bytes] = {}
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith(REMARK):
                name, key = self._line(number, line.strip())
                if found.setdefault(name, key) != key:
                    raise KeyTrouble(f"{self._where}, line {number}: {name} stands there twice.")
        if not found:
            raise KeyTrouble(f"{self._where} holds no key. `python -m portal.vault` prints one.")
        return found

    def _line(self, number: int, line: str) -> tuple[str, bytes]:
        name, _, text = line.partition(":")
        key = b""
        with suppress(binascii.Error, ValueError):
            key = urlsafe_b64decode(text)
        if not NAME.fullmatch(name) or len(key) != KEY_BYTES:
            raise KeyTrouble(
                f"{self._where}, line {number}: not a whole key. A line is a name, a colon and "
                f"{KEY_BYTES} bytes in base64; the file may be cut off. Put the whole file back."
            )
        return name, key


def new_line(prefix: str = "") -> str:
    """Draw a wrapping key and return its line; the name tells keys apart and opens nothing."""
    key = urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()
    return f"{prefix}{secrets.token_hex(4)}:{key}\n"


def development_keys(path: Path) -> bool:
    """Make a key file with mode 600 unless there is one, whole or not at all; tell whether it was made now."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.write(ALREADY_MADE + new_line(DEVELOPMENT))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where another process was first; then its keys are the keys.
        os.link(fresh, path)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True
