"""Secrets: keys that open things, and the ring that seals what must not stand in plain; knows no referral."""

from portal.vault.keys import Keys, StatusLink, digest, new_key, password_key_parts
from portal.vault.ring import ContentKey, Purpose, Ring, Tampered, new_content_key, rewrapped, sealed_under
from portal.vault.wrapping import KeyTrouble, Wrapping, WrappingKeys, development_keys, new_line

__all__ = [
    "ContentKey",
    "KeyTrouble",
    "Keys",
    "Purpose",
    "Ring",
    "StatusLink",
    "Tampered",
    "Wrapping",
    "WrappingKeys",
    "development_keys",
    "digest",
    "new_content_key",
    "new_key",
    "new_line",
    "password_key_parts",
    "rewrapped",
    "sealed_under",
]
