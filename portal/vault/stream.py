"""A file sealed whole under a key of its own, which the wrapping key alone can open; nothing of it is believed unopened.

Two lines of head, in plain: what kind of file it is, and a JSON object of `facts`, the wrapping key's name and the
wrapped key. Then chunks of AES-256-GCM, each of 1 MiB before sealing but the last. A chunk's nonce is its number (11
bytes) and whether it is the last (1 byte), and the head is authenticated with every chunk: so a chunk that was changed,
moved, repeated, left out or added does not open, nor does a file that ends early.
Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015).
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.wrapping import KEY_BYTES, NONCE_BYTES, Wrapping

KIND = b"clinic-portal sealed file 1\n"
HEAD_MOST_BYTES = 4096
CHUNK_BYTES = 1024 * 1024
TAG_BYTES = 16
ABOUT = "the key of a sealed file"


class Damaged(Exception):
    """A sealed file is not as it was written; the message says in what way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A sealed file whose head is true; `plain` raises Damaged where the rest is not."""

    facts: Mapping[str, str]
    wrapping: str
    """Name of the wrapping key that opens it."""
    plain: Iterator[bytes]


def seal(plain: Iterable[bytes], *, facts: Mapping[str, str], wrapping: Wrapping) -> Iterator[bytes]:
    """Yield the parts of a sealed file, its facts readable by everybody and the rest by who has the wrapping key."""
    key = os.urandom(KEY_BYTES)
    name, wrapped = wrapping.wrap(key, about=ABOUT)
    said = {"facts": dict(facts), "wrapping": name, "wrapped": b64encode(wrapped).decode()}
    head = KIND + json.dumps(said).encode() + b"\n"
    yield head
    cipher = AESGCM(key)
    for number, (chunk, last) in enumerate(_cut(plain)):
        yield cipher.encrypt(_nonce(number, last=last), chunk, head)


def unseal(file: BinaryIO, *, wrapping: Wrapping) -> Opened:
    """Open a sealed file as far as its first chunk; raise Damaged, or KeyTrouble when its key is not here."""
    kind, line = file.readline(len(KIND)), file.readline(HEAD_MOST_BYTES)
    if kind != KIND:
        raise Damaged("it is not a file that this portal sealed")
    try:
        said = json.loads(line)
        name, facts, wrapped = said["wrapping"], said["facts"], b64decode(said["wrapped"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise Damaged("its head was changed or cut off") from None
    plain = _open_chunks(file, AESGCM(wrapping.unwrap(name, wrapped, about=ABOUT)), kind + line)
    return Opened(facts=facts, wrapping=name, plain=chain([next(plain)], plain))


def _cut(plain: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield chunks, and whether each is the last; there is always a last one, if an empty one."""
    held = bytearray()
    for part in plain:
        held += part
        while len(held) > CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES]), False
            del held[:CHUNK_BYTES]
    yield bytes(held), True


def _open_chunks(file: BinaryIO, cipher: AESGCM, head: bytes) -> Iterator[bytes]:
    number, last, sealed = 0, False, file.read(CHUNK_BYTES + TAG_BYTES)
    while not last:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        last = not following
        plain = _find_plain(cipher, sealed, head, _nonce(number, last=last))
        if plain is None:
            ends_early = last and _find_plain(cipher, sealed, head, _nonce(number, last=False)) is not None
            raise Damaged("its end is missing" if ends_early else f"it was changed in its part {number + 1}")
        yield plain
        number, sealed = number + 1, following


def _find_plain(cipher: AESGCM, sealed: bytes, head: bytes, nonce: bytes) -> bytes | None:
    try:
        return cipher.decrypt(nonce, sealed, head)
    except (InvalidTag, ValueError):
        return None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1) + bytes([last])
