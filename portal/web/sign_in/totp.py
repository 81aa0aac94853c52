"""Codes of authenticator apps: the library's, but each is used once, and secrets are sealed by the key ring.

The library would encrypt secrets with a key of its own; here they stand sealed in the database, and sealed in the
cookie of whoever sets an app up.
"""

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import qrcode
from flask_security import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP
from qrcode.image.svg import SvgPathFillImage

from portal.actions import second_factors
from portal.db import ring
from portal.domain.second_factors import STEP_SECONDS
from portal.vault import Tampered

PLACE = "cookie.new_authenticator"


class SingleUse(Totp):
    """Makes secrets and checks codes; a code that was taken is taken by nobody again, in any worker."""

    def __init__(self, _secrets: object, issuer: str) -> None:
        """Take the name that apps show beside the code."""
        self._totp = TOTP.using(issuer=issuer)

    def generate_totp_secret(self) -> str:
        """Draw a secret, in plain: who keeps it seals it."""
        return str(self._totp.new().to_json(encrypt=False))

    def code_at(self, secret: str, step: int) -> str:
        """Return what an app shows during one step."""
        return str(self._totp.from_source(secret).generate(step * STEP_SECONDS).token)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return the picture for an app as an address of data, on white so that dark pages show it too."""
        drawn = qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgPathFillImage)
        return f"data:image/svg+xml;base64,{b64encode(drawn.to_string()).decode()}"

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Tell whether a code is right for now, or one step to either side, and was not used before."""
        try:
            found = self._totp.verify(token, totp_secret, window=window)
        except TokenError:
            return False
        return second_factors.use_step(user.id, found.counter)


def seal(secret: str) -> str:
    """Return a new secret as the cookie may carry it."""
    return urlsafe_b64encode(ring().seal(secret.encode(), place=PLACE)).decode()


def open_sealed(sealed: str) -> str | None:
    """Return the secret in what a cookie carried; None when it is none."""
    try:
        return ring().open(urlsafe_b64decode(sealed), place=PLACE).decode()
    except (Tampered, ValueError):
        return None
