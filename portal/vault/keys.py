"""Keys that open things for whoever holds them: made here, kept elsewhere only as digests."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

KEY_BYTES = 24
PASSWORD_KEY = re.compile(r"([0-9]{1,9})\.([0-9]{1,10})\.")


def new_key() -> str:
    """Draw a secret of 192 bits, safe in a URL and a header."""
    return secrets.token_urlsafe(KEY_BYTES)


def digest(key: str) -> str:
    """Return what is stored of a key: its SHA-256 in hex. Keys are long and random, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusLink:
    """A fresh status link: the key goes to the referrer, the rest into the database."""

    key: str
    salt: str
    digest: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Keys:
    """Makes keys that can be made again (for a later mail) without being stored."""

    secret: str
    link_days: int

    def status_key(self, salt: str) -> str:
        """Return the key of one status link, from the salt in its row."""
        made = hmac.digest(self.secret.encode(), f"status link:{salt}".encode(), hashlib.sha256)
        return urlsafe_b64encode(made[:KEY_BYTES]).decode()

    def new_status_link(self, now: datetime) -> StatusLink:
        """Make a status link that ends after `link_days`."""
        salt = new_key()
        key = self.status_key(salt)
        return StatusLink(
            key=key, salt=salt, digest=digest(key), expires_at=now + timedelta(days=self.link_days)
        )

    def password_key(self, member_id: int, mark: str, until: datetime) -> str:
        """Return the key that lets a member choose a password; it is spent when the member's mark changes."""
        head = f"{member_id}.{int(until.timestamp())}"
        made = hmac.digest(self.secret.encode(), f"password link:{head}:{mark}".encode(), hashlib.sha256)
        return f"{head}.{urlsafe_b64encode(made[:KEY_BYTES]).decode()}"

    def is_password_key(self, key: str, *, member_id: int, mark: str, until: datetime) -> bool:
        """Tell whether a key is this member's while their mark is this one."""
        return hmac.compare_digest(self.password_key(member_id, mark, until).encode(), key.encode())


def password_key_parts(key: str) -> tuple[int, datetime] | None:
    """Return whose password key this says it is, and until when; whether that is true shows when it is made again."""
    found = PASSWORD_KEY.match(key)
    return (int(found[1]), datetime.fromtimestamp(int(found[2]), UTC)) if found else None
