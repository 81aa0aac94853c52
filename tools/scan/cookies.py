"""How wapiti takes over a browser's cookies; it loads this file by itself, in its own environment."""

import os
from http.cookiejar import Cookie, DefaultCookiePolicy, LWPCookieJar
from typing import Any
from urllib.request import Request

JAR = "SCAN_COOKIES"
"""The environment variable that names the file of cookies."""
DRAFT = "__Host-draft-"


class NoNewDrafts(DefaultCookiePolicy):
    """Takes no key of a further draft.

    wapiti begins hundreds, and no browser keeps as many cookies: their header would be refused as too long, and with
    it every later request.
    """

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Tell whether a cookie is kept."""
        return not cookie.name.startswith(DRAFT) and super().set_ok(cookie, request)


async def run(configuration: Any, _credential: object, _headless: str) -> None:
    """Give the scanner the cookies, as wapiti asks for them."""
    jar = LWPCookieJar(os.environ[JAR], policy=NoNewDrafts())
    jar.load(ignore_discard=True)
    configuration.cookies = jar
