"""How wapiti takes over a browser's cookies; it loads this file by itself, in its own environment."""

import os
from http.cookiejar import LWPCookieJar
from typing import Any

JAR = "SCAN_COOKIES"
"""The environment variable that names the file of cookies."""


async def run(configuration: Any, _credential: object, _headless: str) -> None:
    """Give the scanner the cookies, as wapiti asks for them."""
    jar = LWPCookieJar(os.environ[JAR])
    jar.load(ignore_discard=True)
    configuration.cookies = jar
