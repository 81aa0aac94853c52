"""The key ring: seals and opens single values with content keys, which the wrapping key alone can open.

A sealed value is one byte of version, four of the content key's number, a nonce of twelve, and AES-256-GCM's
ciphertext with its tag. What it is bound to (table, column, row) is authenticated: elsewhere it does not open.
Source: NIST SP 800-38D; fewer than 2**32 values are sealed under one key.
"""

import hashlib
import hmac
import os
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.wrapping import KEY_BYTES, NONCE_BYTES, KeyTrouble, Wrapping

VERSION = b"\x01"
NUMBER_BYTES = 4
HEAD_BYTES = len(VERSION) + NUMBER_BYTES
INDEX_BYTES = 16
NOTICE_WITHIN_SECONDS = 5.0
"""How long a process may go on sealing with a content key after a newer one was made."""


class Purpose(StrEnum):
    """What a content key is for; each purpose has keys of its own."""

    SEAL = "seal"
    INDEX = "index"
    CHAIN = "chain"


class Tampered(Exception):
    """A sealed value was changed, moved, or is none at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentKey:
    """A content key as it is kept: wrapped."""

    number: int
    purpose: Purpose
    wrapping: str
    """Name of the key that wrapped it."""
    wrapped: bytes


def new_content_key(wrapping: Wrapping, *, number: int, purpose: Purpose) -> ContentKey:
    """Draw a content key and wrap it."""
    return _wrapped(wrapping, os.urandom(KEY_BYTES), number, purpose)


def rewrapped(wrapping: Wrapping, kept: ContentKey) -> ContentKey:
    """Return the same content key wrapped by the newest wrapping key; raise KeyTrouble when it cannot be unwrapped."""
    return _wrapped(wrapping, _unwrapped(wrapping, kept), kept.number, kept.purpose)


def _wrapped(wrapping: Wrapping, key: bytes, number: int, purpose: Purpose) -> ContentKey:
    name, wrapped = wrapping.wrap(key, about=_about(number, purpose))
    return ContentKey(number=number, purpose=purpose, wrapping=name, wrapped=wrapped)


def _unwrapped(wrapping: Wrapping, kept: ContentKey) -> bytes:
    return wrapping.unwrap(kept.wrapping, kept.wrapped, about=_about(kept.number, kept.purpose))


def _about(number: int, purpose: Purpose) -> str:
    return f"content key {number} to {purpose}"


def sealed_under(number: int) -> bytes:
    """Return the bytes with which every value sealed under a content key begins."""
    return VERSION + number.to_bytes(NUMBER_BYTES)


class Ring:
    """The content keys of one database, unwrapped as they are needed and kept in memory only."""

    def __init__(self, wrapping: Wrapping, load: Callable[[], Iterable[ContentKey]]) -> None:
        """Take who unwraps, and a way to read the wrapped keys; reads nothing yet."""
        self._wrapping, self._load = wrapping, load
        self._seals: dict[int, AESGCM] = {}
        self._others: dict[Purpose, bytes] = {}
        self._looked_at = float("-inf")

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Seal a value for one place, like "referrals.sealed_answers:K7QXM4P2T"."""
        self._look_again()
        number = max(self._seals)
        head, nonce = sealed_under(number), os.urandom(NONCE_BYTES)
        return head + nonce + self._seals[number].encrypt(nonce, plain, _bound(head, place))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Return what was sealed for this place; raise Tampered for anything else."""
        number = int.from_bytes(sealed[len(VERSION) : HEAD_BYTES])
        if number not in self._seals:
            self._read()
        cipher, head = self._seals.get(number), sealed[:HEAD_BYTES]
        nonce, text = sealed[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], sealed[HEAD_BYTES + NONCE_BYTES :]
        if cipher is None or not head.startswith(VERSION):
            raise Tampered(f"{place} was not sealed with a key of this database")
        try:
            return cipher.decrypt(nonce, text, _bound(head, place))
        except (InvalidTag, ValueError):
            raise Tampered(f"{place} was changed, or moved from another place") from None

    def index(self, field: str, *parts: str) -> str:
        """Return a blind index: equal for equal values of a field, and telling nothing without the key.

        Each field has a key of its own. Equal values are seen to be equal, so a field of few values (a date of birth
        alone, a state) may not be indexed; parts together may.
        """
        plain = "\x1f".join(
            " ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts
        )
        own = hmac.digest(self._other(Purpose.INDEX), field.encode(), hashlib.sha256)
        return hmac.digest(own, plain.encode(), hashlib.sha256)[:INDEX_BYTES].hex()

    def link(self, text: bytes) -> bytes:
        """Return the 32 bytes that hold one entry of a chain; only who has the key can make them."""
        return hmac.digest(self._other(Purpose.CHAIN), text, hashlib.sha256)

    def check(self) -> None:
        """Unwrap every content key; raise KeyTrouble with the way out when one does not open or none is there."""
        self._read()
        if not self._seals or set(self._others) != {Purpose.INDEX, Purpose.CHAIN}:
            raise KeyTrouble("The database has no content keys yet. Run `flask prepare` first.")

    def _other(self, purpose: Purpose) -> bytes:
        if purpose not in self._others:
            self.check()
        return self._others[purpose]

    def _look_again(self) -> None:
        if time.monotonic() - self._looked_at > NOTICE_WITHIN_SECONDS:
            self.check()

    def _read(self) -> None:
        for kept in self._load():
            if kept.purpose is not Purpose.SEAL:
                self._others[kept.purpose] = _unwrapped(self._wrapping, kept)
            elif kept.number not in self._seals:
                self._seals[kept.number] = AESGCM(_unwrapped(self._wrapping, kept))
        self._looked_at = time.monotonic()


def _bound(head: bytes, place: str) -> bytes:
    return head + place.encode()
