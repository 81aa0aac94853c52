"""Which site a request comes from, as the browser says; what another site makes is refused before it is read.

It stands beside the CSRF tokens and replaces none: a browser that says nothing passes here, and needs its token all
the same. `Origin: null` says nothing too: with our own `no-referrer`, browsers without Fetch Metadata send it.
"""

from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request

from portal.doors.entry import Entry, entry_of
from portal.doors.refusals import Foreign
from portal.doors.world import world

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OUR_SITE = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says of our own pages, and of an address that somebody typed."""
EMBEDDED = frozenset({"embed", "fencedframe", "frame", "iframe", "object"})
SILENT = "null"


def init_app(app: Flask) -> None:
    """Refuse what another site makes; other sites may link to pages, and no more."""
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    if _is_open() or _is_ours(request):
        return
    raise Foreign


def _is_open() -> bool:
    """Tell whether a door has nothing that a browser adds by itself: systems come with a bearer key, not a cookie."""
    if request.endpoint is None:
        return request.path.startswith("/api/")
    return entry_of(current_app, request.endpoint) is Entry.API_KEY


def _is_ours(asked: Request) -> bool:
    site, wanted = asked.headers.get("Sec-Fetch-Site", "none"), asked.headers.get("Sec-Fetch-Dest", "")
    if wanted in EMBEDDED:
        return False
    if asked.method in SAFE:
        return site in OUR_SITE or asked.headers.get("Sec-Fetch-Mode") == "navigate"
    return site in OUR_SITE and _is_own_origin(asked.headers.get("Origin", SILENT))


def _is_own_origin(origin: str) -> bool:
    public = urlsplit(world().settings.public_url)
    # A developer's other name for this machine was let in by `hosts`; elsewhere both are the same.
    return origin in {SILENT, f"{public.scheme}://{public.netloc}", request.host_url.rstrip("/")}
