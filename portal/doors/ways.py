"""Where an answer may send a browser: along a path of our own and nowhere else, whoever made the redirect."""

import re

from flask import Flask, Response, request

from portal.doors import logs

# Browsers read a backslash as a slash and pass over control characters, so that "/\t/else.where" leads away.
_OWN_PATH = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")


def init_app(app: Flask) -> None:
    """Turn every redirect into one along an own path; one that leads away leads to the first page instead."""
    app.after_request(_keep_home)


def is_own_path(way: str) -> bool:
    """Tell whether every browser reads this as a path of the site it stands on."""
    return _OWN_PATH.fullmatch(way) is not None


def _keep_home(response: Response) -> Response:
    way = response.location
    if way is None or is_own_path(way):
        return response
    # The request's own name is the configured one; see `hosts`.
    path = way.removeprefix(request.host_url.rstrip("/"))
    if not is_own_path(path):
        logs.security("sent away", reason="a redirect to another site; it led home")
        path = "/"
    response.location = path
    return response
