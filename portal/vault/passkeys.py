"""What a passkey is asked to sign, and whether it did; pure, and knows no member.

The device checks its owner (by finger, face or PIN) each time: that is asked for and verified, so that one passkey
stands for two factors. Source: W3C Web Authentication Level 3, 7.1 and 7.2; NIST SP 800-63B-4 3.1.7.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import webauthn
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES = 32
ANSWER_WITHIN = timedelta(minutes=5)
MILLISECOND = timedelta(milliseconds=1)
_MUST = UserVerificationRequirement.REQUIRED


class Unproven(Exception):
    """An answer that proves nothing: no passkey made it, or not now, not here, not for this."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The site that passkeys are bound to."""

    name: str
    host: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """What this browser was asked to have signed, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """For whom a passkey is made: a handle that tells nothing, and the name that the device shows."""

    handle: str
    email: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A passkey that was made just now."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    device_type: str
    backed_up: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """What a passkey said when it signed."""

    sign_count: int
    device_type: str
    backed_up: bool


def new_challenge(now: datetime) -> Challenge:
    """Draw a challenge; it can be answered for a few minutes."""
    return Challenge(text=secrets.token_urlsafe(CHALLENGE_BYTES), at=now)


def ask_to_make(site: Site, challenge: Challenge, *, owner: Owner, known: Iterable[bytes]) -> dict[str, Any]:
    """Return what the browser is told to make a passkey; on a device that holds a known one it makes none."""
    return options_to_json_dict(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=owner.handle.encode(),
            user_name=owner.email,
            user_display_name=owner.name,
            challenge=challenge.text.encode(),
            timeout=ANSWER_WITHIN // MILLISECOND,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_MUST
            ),
            exclude_credentials=_named(known),
        )
    )


def ask_to_sign(site: Site, challenge: Challenge, *, known: Iterable[bytes]) -> dict[str, Any]:
    """Return what the browser is told to sign with one of these passkeys; with none named, whichever the person has."""
    return options_to_json_dict(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge.text.encode(),
            timeout=ANSWER_WITHIN // MILLISECOND,
            allow_credentials=_named(known),
            user_verification=_MUST,
        )
    )


def made(answer: str, *, site: Site, challenge: Challenge) -> Made:
    """Return the passkey that was made for a challenge; raise Unproven."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge.text.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever the library trips over, it is no proof.
        raise Unproven(type(error).__name__) from None
    return Made(
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        device_type=found.credential_device_type.value,
        backed_up=found.credential_backed_up,
    )


def who_signed(answer: str) -> tuple[bytes, str]:
    """Return the id of the passkey and the handle of its owner that an answer claims; raise Unproven."""
    try:
        read = parse_authentication_credential_json(answer)
        return read.raw_id, (read.response.user_handle or b"").decode()
    except Exception as error:  # Whatever the library trips over, it is no proof.
        raise Unproven(type(error).__name__) from None


def signed(answer: str, *, site: Site, challenge: Challenge, public_key: bytes, sign_count: int) -> Used:
    """Return what a passkey said when it signed a challenge; raise Unproven, also when its count went back."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge.text.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever the library trips over, it is no proof.
        raise Unproven(type(error).__name__) from None
    return Used(
        sign_count=found.new_sign_count,
        device_type=found.credential_device_type.value,
        backed_up=found.credential_backed_up,
    )


def _named(known: Iterable[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in known]
