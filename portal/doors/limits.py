"""How often one address may ask, by route, in one table; a clinic of thirty people behind one address never meets it.

The counts stand in memory, one a server process, or for all of them in the store at LIMITS_URL. While that store
is away each process counts for itself, and the log says so.
"""

import re
import time
from collections.abc import Mapping

from flask import Flask, Response, g, request
from flask_limiter import Limiter, RequestLimit

from portal.doors import hosts, logs
from portal.doors.counts import Counts
from portal.doors.world import world_of

PAGES = 600
"""Requests a minute to each route that the table does not name."""
SEARCH = 300
"""A search may have to compare a name with all that are known."""
FORMS = 120
"""Thirty people who each send a form every fifteen seconds."""
TYPING = 1200
"""Thirty people who type at once; each page saves what changed every second and a half at most."""
FILES = 60
"""Three people who add twenty each; a file may take seconds to read."""
KEYS = 120
"""Guessing a key of 192 bits is hopeless at any rate; this keeps it out of the log."""
MACHINES = 300
"""Another system brings what its practices have sent since it last asked."""
SIGN_IN = 60
"""Thirty people who come back from lunch; guessing is slowed for each account as well."""

A_MINUTE: Mapping[str, int] = {
    "directory.clinics": SEARCH,
    "directory.clinic": SEARCH,
    "api_clinics.show_all": SEARCH,
    "api_referrals.submit": MACHINES,
    "api_files.add": FILES,
    "gate.begin": FORMS,
    "gate.answer_again": FORMS,
    "gate.attest": FORMS,
    "gate.settle": FORMS,
    "intake.keep_step": FORMS,
    "later.discard": FORMS,
    "later.mail_link": FORMS,
    "later.open_link": KEYS,
    "intake.keep_typed": TYPING,
    "attaching.add": FILES,
    "attaching.remove": FORMS,
    "sending.send": FORMS,
    "same.settle": FORMS,
    "tracking.open_pasted": KEYS,
    "tracking.open_link": KEYS,
    "conversation.make": FORMS,
    "amending.start": FORMS,
    "links.renew": FORMS,
    "links.send_again": FORMS,
    "proof.prove": FORMS,
    "triage.make": FORMS,
    "triage.renew_link": FORMS,
    "staff.called": FORMS,
    "staff.retry": FORMS,
    "stops.close": FORMS,
    "audit.export": FORMS,
    "emergency.plead": FORMS,
    "finding.find": FORMS,
    **dict.fromkeys(
        (
            "security.authenticator",
            "security.change_password",
            "security.forgot_password",
            "security.login",
            "security.mf_recovery",
            "security.mf_recovery_codes",
            "security.passkey_ask",
            "security.passkey_ask_new",
            "security.passkey_new",
            "security.passkey_remove",
            "security.reset_password",
            "security.sessions_end",
            "security.two_factor_setup",
            "security.two_factor_token_validation",
            "security.verify",
            "security.wan_signin",
        ),
        SIGN_IN,
    ),
    "security.logout": FORMS,
}
"""Requests a minute from one address, by endpoint."""

MEMORY = f"{Counts.STORAGE_SCHEME[0]}://"
PATIENCE_SECONDS = 0.25


def init_app(app: Flask) -> None:
    """Count requests and refuse the ones that are too many; LIMITS_FACTOR=0 counts none."""
    settings = world_of(app).settings
    # A store that does not answer at once is away: nobody waits for a counter.
    patience = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    app.config["RATELIMIT_STORAGE_OPTIONS"] = patience if settings.limits_url else {}
    limiter = Limiter(
        hosts.client,
        default_limits=[
            lambda: f"{A_MINUTE.get(request.endpoint or '', PAGES) * settings.limits_factor}/minute"
        ],
        # One client speaks to both kinds of store.
        storage_uri=re.sub("^redis", "valkey", settings.limits_url) or MEMORY,
        in_memory_fallback_enabled=True,
        on_breach=_remember_when,
        enabled=settings.limits_factor > 0,
    )
    limiter.init_app(app)
    app.after_request(_say_when)
    # It would write down who asked; what it says of its store is a warning.
    limiter.logger.setLevel("WARNING")


def _remember_when(limit: RequestLimit) -> None:
    logs.security("refused", reason="asked too often")
    g.retry_seconds = max(1, round(limit.reset_at - time.time()))


def _say_when(response: Response) -> Response:
    if "retry_seconds" in g:
        response.headers["Retry-After"] = str(g.retry_seconds)
    return response
