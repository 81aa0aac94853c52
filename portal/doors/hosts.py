"""Who asks, and for which site: PUBLIC_URL says what the portal is called, and no header can say otherwise.

The Host of a request counts only as far as it names the portal; then the configured name and scheme take its place,
so that no address is ever built from what a stranger sent.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import Settings
from portal.doors.refusals import WrongHost
from portal.doors.world import world_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
NETWORK_BITS = 64
"""One household or practice holds a whole IPv6 network of this size."""
NOBODY = "unknown"

_HOST = re.compile(r"([a-z0-9.-]+|\[[a-f0-9:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
_REFUSED = "portal.wrong_host"


def init_app(app: Flask) -> None:
    """Believe as many proxies as are set, and refuse requests for other sites."""
    settings = world_of(app).settings
    app.wsgi_app = OwnName(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]
    app.before_request(_refuse)


class OwnName:
    """Passes a request on under the portal's own name, or marked as one for another site."""

    def __init__(self, app: "WSGIApplication", settings: Settings) -> None:
        """Wrap the application."""
        self._app = app
        own = urlsplit(settings.public_url)
        self._scheme, self._netloc = own.scheme, own.netloc
        self._name = _name(own.netloc)
        # At a developer's machine every name of the machine itself will do, at any port.
        self._also = frozenset() if settings.production else LOOPBACK

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        asked = _name(environ.get("HTTP_HOST", ""))
        if asked not in self._also:
            environ[_REFUSED] = asked != self._name
            environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self._netloc, self._scheme
        return self._app(environ, start_response)


def client() -> str:
    """Return who asks, as limits count them: the address behind the trusted proxies, of IPv6 only the network."""
    return _network(request.remote_addr or "")


def client_of(app: Flask, environ: "WSGIEnvironment") -> str:
    """Return the same of a request that the application has not heard of yet."""
    proxies = world_of(app).settings.trusted_proxies
    passed_on = parse_list_header(environ.get("HTTP_X_FORWARDED_FOR", ""))
    return _network(passed_on[-proxies] if 0 < proxies <= len(passed_on) else environ["REMOTE_ADDR"])


def _network(told: str) -> str:
    try:
        address = ip_address(told)
    except ValueError:
        return NOBODY
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address.packed, NETWORK_BITS), strict=False))


def _name(host: str) -> str:
    """Return the name in a Host header without its port, or nothing for what is no host."""
    found = _HOST.fullmatch(host)
    return found[1].lower() if found else ""


def _refuse() -> None:
    if request.environ.get(_REFUSED):
        raise WrongHost
