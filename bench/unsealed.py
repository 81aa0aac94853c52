"""What sealing is compared with: the same portal with a ring that seals nothing."""

import hashlib

from flask import Flask

from portal.app import create_app
from portal.db import RING
from portal.vault import Ring


class OpenRing(Ring):
    """Gives every value back as it came; its indexes and links are plain digests."""

    def __init__(self) -> None:
        """Hold no keys."""

    def seal(self, plain: bytes, *, place: str) -> bytes:  # noqa: ARG002
        """Return the value."""
        return plain

    def open(self, sealed: bytes, *, place: str) -> bytes:  # noqa: ARG002
        """Return the value."""
        return sealed

    def index(self, field: str, *parts: str) -> str:
        """Return a digest."""
        return hashlib.sha256("\x1f".join((field, *parts)).encode()).hexdigest()[:32]

    def link(self, text: bytes) -> bytes:
        """Return a digest."""
        return hashlib.sha256(text).digest()

    def check(self) -> None:
        """Find nothing wrong."""


def create() -> Flask:
    """Return an application that seals nothing."""
    app = create_app()
    app.extensions[RING] = OpenRing()
    return app
