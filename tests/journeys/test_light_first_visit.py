"""A first visit is light: little comes over the wire, and what never changes is compressed and kept for ever."""

import sys
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.acts import begin
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal
from tests.web.practice import STEPS

pytestmark = ONE_DATABASE

MOST_BYTES = 100_000
ASSETS = "/assets/"


class Wire:
    """What came over the wire for one visit with an empty cache, as the browser's own network log has it."""

    def __init__(self, person: BrowserContext, path: str) -> None:
        page = person.new_page()
        log = person.new_cdp_session(page)
        self.urls: dict[str, str] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.bytes: dict[str, int] = {}
        log.on("Network.responseReceived", self._answered)
        log.on("Network.loadingFinished", self._finished)
        log.send("Network.enable")
        log.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(path, wait_until="networkidle")

    def _answered(self, event: dict[str, Any]) -> None:
        url = self.urls[event["requestId"]] = event["response"]["url"]
        self.headers[url] = {name.lower(): value for name, value in event["response"]["headers"].items()}

    def _finished(self, event: dict[str, Any]) -> None:
        # Headers and body, as compressed as they came. What a stylesheet holds in itself does not come again.
        url = self.urls[event["requestId"]]
        if not url.startswith("data:"):
            self.bytes[url] = event["encodedDataLength"]


@pytest.fixture(params=["/", "/clinics?near=Bethel", "/refer"])
def wire(request: pytest.FixtureRequest, portal: Portal, person: BrowserContext) -> Wire:
    return Wire(person, request.param)


def test_a_first_visit_is_under_100_kilobytes(wire: Wire) -> None:
    total = sum(wire.bytes.values())
    sys.stdout.write("".join(f"\n{size:8,} {url}" for url, size in wire.bytes.items()))
    sys.stdout.write(f"\n{total:8,} bytes in all\n")
    assert len(wire.bytes) >= 4
    assert total < MOST_BYTES


def test_what_never_changes_comes_compressed_and_is_kept(wire: Wire) -> None:
    static = {url: headers for url, headers in wire.headers.items() if ASSETS in url}
    assert {url.rpartition(".")[2] for url in static} >= {"css", "js"}
    for url, headers in static.items():
        assert headers.get("content-encoding") in {"br", "gzip"}, url
        assert "immutable" in headers["cache-control"], url


@pytest.mark.parametrize("step", [*STEPS, "later", "files"])
def test_every_step_of_the_form_is_under_100_kilobytes(person: BrowserContext, page: Page, step: str) -> None:
    begin(page)
    page.wait_for_url("**/patient")
    opened = Wire(person, page.url.replace("/patient", f"/{step}"))
    sys.stdout.write(f"\n{sum(opened.bytes.values()):8,} bytes of {step}\n")
    assert len(opened.bytes) >= 4
    assert sum(opened.bytes.values()) < MOST_BYTES
