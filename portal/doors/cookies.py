"""The cookie that carries the session, signed with HMAC-SHA-256 where Flask would take SHA-1."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


class Signed(SecureCookieSessionInterface):
    """Flask's cookie with another hash."""

    digest_method = staticmethod(hashlib.sha256)


def init_app(app: Flask) -> None:
    """Sign and read the session's cookie in this way and no other."""
    app.session_interface = Signed()
