"""What every answer tells the browser: run our script alone, frame nothing, ask nobody else, keep nothing private."""

import secrets

from flask import Flask, Response, current_app, g, request, session

from portal.config import Settings
from portal.doors.entry import Entry, entry_of
from portal.doors.world import world

NONCE_BYTES = 16
ERRORS_FROM = 400
FRAMED_BY_NOBODY = "frame-ancestors 'none'"

POLICY = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}' 'strict-dynamic'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    FRAMED_BY_NOBODY,
    "base-uri 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)
# Used here: the search box may ask where the device is, a reference is copied, and members sign in with passkeys.
ALLOWED = ("geolocation", "clipboard-write", "publickey-credentials-get", "publickey-credentials-create")
# Everything else a browser has to ask about; a name that browsers do not know would fill their console.
REFUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "compute-pressure",
    "cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen", "gamepad", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone",
    "midi", "otp-credentials", "payment", "picture-in-picture", "private-state-token-issuance",
    "private-state-token-redemption", "screen-wake-lock", "serial", "storage-access", "sync-xhr", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
FOR_EVERYTHING = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
HEADERS = {
    **FOR_EVERYTHING,
    # For browsers that do not read frame-ancestors.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        [f"{name}=(self)" for name in ALLOWED] + [f"{name}=()" for name in REFUSED]
    ),
}
OF_DOWNLOAD = {"Content-Security-Policy": "sandbox; default-src 'none'"}
"""What somebody sent runs nowhere, even where a browser shows it all the same."""
FOR_A_YEAR = "max-age=31536000; includeSubDomains"


def init_app(app: Flask) -> None:
    """Give every answer its headers, and templates the nonce that lets a script run."""
    app.jinja_env.globals["nonce"] = nonce
    app.after_request(_tell)


def of_files(settings: Settings) -> dict[str, str]:
    """Return the headers of static files: they stand in no frame, and may be kept."""
    return FOR_EVERYTHING | {"Content-Security-Policy": FRAMED_BY_NOBODY} | _of_https(settings)


def nonce() -> str:
    """Return this request's nonce: a script without it does not run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(NONCE_BYTES)
    return str(g.nonce)


def _tell(response: Response) -> Response:
    response.headers.update(HEADERS)
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = "; ".join(POLICY).format(nonce=nonce())
    response.headers.update(_of_https(world().settings))
    if _is_private(response):
        response.headers["Cache-Control"] = "no-store"
    return response


def _of_https(settings: Settings) -> dict[str, str]:
    return {"Strict-Transport-Security": FOR_A_YEAR} if settings.secure else {}


def _is_private(response: Response) -> bool:
    """Tell whether nobody may keep the answer: all but a public page, shown to somebody without a session."""
    declared = entry_of(current_app, request.endpoint) if request.endpoint else None
    is_public = declared is Entry.PUBLIC and request.method in {"GET", "HEAD"}
    return not is_public or response.status_code >= ERRORS_FROM or bool(session)
