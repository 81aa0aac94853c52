"""A device with passkeys, in software: real keys and real signatures, and an owner who is always there."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from webauthn.helpers import encode_cbor
from werkzeug.test import TestResponse

from tests.web.desk import find_form, hidden, open_page

ORIGIN = "http://localhost"
PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40
NEW, SIGN_IN = "/staff/passkeys/new", "/staff/passkey"

Asked = dict[str, Any]


class Device:
    """Holds one passkey. What it does wrong in a test is set from outside: `origin`, `owner_checked`, `count`."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.handle = ""
        self.origin = ORIGIN
        self.count = 0
        self.owner_checked = True

    def make(self, asked: Asked) -> str:
        """Make the passkey and answer as a browser does."""
        self.handle = asked["user"]["id"]
        point = self.key.public_key().public_numbers()
        public = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        about = self._about(asked["rp"]["id"], HOLDS_KEY) + held
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": about})
        said = self._said("webauthn.create", asked)
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(attested)})

    def sign(self, asked: Asked) -> str:
        """Sign a challenge and answer as a browser does."""
        self.count += 1
        about, said = self._about(asked["rpId"], 0), self._said("webauthn.get", asked)
        signature = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {
            "clientDataJSON": text(said),
            "authenticatorData": text(about),
            "signature": text(signature),
            "userHandle": self.handle,
        }
        return self._answer(parts)

    def _about(self, site: str, flags: int) -> bytes:
        checked = VERIFIED if self.owner_checked else 0
        return (
            hashlib.sha256(site.encode()).digest()
            + bytes([flags | PRESENT | checked])
            + self.count.to_bytes(4, "big")
        )

    def _said(self, kind: str, asked: Asked) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        own = text(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def text(value: bytes) -> str:
    """Return bytes as browsers write them."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def raw(value: str) -> bytes:
    """Return the bytes again."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def ask(browser: FlaskClient, path: str, **typed: str) -> tuple[dict[str, str], Asked]:
    """Open a page with a passkey's button and press it: return the form's hidden fields, and what is asked."""
    form = find_form(open_page(browser, path), path.partition("?")[0])
    fields = hidden(form) | typed
    asked = browser.post(f"{path.partition('?')[0]}/ask", data=fields)
    assert asked.status_code == 200, asked.status_code
    return fields, asked.get_json()


def register(browser: FlaskClient, device: Device, *, name: str = "Work phone") -> TestResponse:
    """Make a passkey for the member who is signed in."""
    fields, asked = ask(browser, NEW, name=name)
    return browser.post(NEW, data=fields | {"credential": device.make(asked)})


def sign_in(browser: FlaskClient, device: Device, *, at: str = "") -> TestResponse:
    """Sign in with a passkey alone."""
    fields, asked = ask(browser, SIGN_IN + at)
    return browser.post(SIGN_IN, data=fields | {"credential": device.sign(asked)})
