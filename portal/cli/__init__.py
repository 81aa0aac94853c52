"""The shell door: `flask ...` commands for operators; no rule stands here."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the commands."""
