"""Keys of systems: the bearer key says who asks, the Idempotency-Key which request it is."""

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from portal import vault
from portal.db import db
from portal.domain.errors import Unfit
from portal.queries import members

HEADER = "Idempotency-Key"
MOST_CHARS = 200
SCHEMA = {"type": "string", "minLength": 1, "maxLength": MOST_CHARS}


def get_key_id() -> int:
    """Return the id of the API key that the request carries; raise Unauthorized without a good one."""
    sent = request.authorization
    token = sent.token if sent and sent.type == "bearer" else None
    found = members.find_api_key(db.session(), vault.digest(token or ""))
    if found is None:
        raise Unauthorized(
            "Send a key as “Authorization: Bearer …”.", www_authenticate=WWWAuthenticate("bearer")
        )
    return found.id


def get_once(new_for: str) -> str:
    """Return the request's Idempotency-Key; raise Unfit without a good one. `new_for` says when to send another."""
    key = request.headers.get(HEADER, "")
    if not 0 < len(key) <= MOST_CHARS:
        raise Unfit({HEADER: f"Send a header of 1 to {MOST_CHARS} characters, new for each {new_for}"})
    return key
