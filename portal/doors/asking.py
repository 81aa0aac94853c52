"""Who asks, and from where, as the rules know them."""

from flask import g, has_request_context, request
from flask_security import current_user

from portal.domain.audit import NOWHERE, Source
from portal.domain.orders import Actor, ActorKind

ADDRESS_MOST = 45
"""The longest text of an IPv6 address."""


def source() -> Source:
    """Return where the request comes from; nowhere outside of one."""
    if not has_request_context():
        return NOWHERE
    # An address that a proxy hands on may be of any length.
    return Source(address=(request.remote_addr or "")[:ADDRESS_MOST], request_id=g.get("request_id", ""))


def member() -> Actor:
    """Return the member who is signed in."""
    return Actor(ActorKind.MEMBER, int(current_user.id), source())


def stranger() -> Actor:
    """Return somebody who is not known."""
    return Actor(ActorKind.STRANGER, "", source())


def referrer(status_key_id: int) -> Actor:
    """Return whoever holds a status key."""
    return Actor(ActorKind.REFERRER, status_key_id, source())


def form() -> Actor:
    """Return whoever sends a referral by the form, before there is a status key."""
    return Actor(ActorKind.REFERRER, "form", source())


def system(api_key_id: int) -> Actor:
    """Return the system that an API key speaks for."""
    return Actor(ActorKind.API, api_key_id, source())


def operator(name: str) -> Actor:
    """Return who works at the shell, or a job of the portal."""
    return Actor(ActorKind.SYSTEM, name, source())
