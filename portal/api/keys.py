"""Bearer keys of systems."""

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from portal import vault
from portal.db import db
from portal.queries import members


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
