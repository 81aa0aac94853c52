"""Nobody is shut out: every kind of page is walked, and each is checked in light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize

from tests.journeys.conftest import DESKTOP, ONE_DATABASE
from tests.journeys.follower_pages import follower
from tests.journeys.member_pages import auditor, member, on_duty
from tests.journeys.pages import NewPage, Walk, nurse, practice, visitor
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

NARROWEST: ViewportSize = {"width": 320, "height": 640}
WALKS: dict[str, Walk] = {
    "visitor": visitor,
    "practice": practice,
    "follower": follower,
    "nurse": nurse,
    "member": member,
    "auditor": auditor,
    "on_duty": on_duty,
}
AXE = Axe()
RUN_AXE = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
ASKED: dict[Literal["light", "dark"], list[str]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # A dark page differs from a light one in its colors alone.
    "dark": ["color-contrast", "link-in-text-block"],
}
"""The rules of axe that a page is held to, by color scheme."""


@pytest.fixture
def overheard() -> list[str]:
    """What went wrong behind the pages: errors in the console, and requests to anybody else."""
    return []


@pytest.fixture
def new_page(portal: Portal, browser: Browser, overheard: list[str]) -> Iterator[NewPage]:
    """Opens a page in a browser of its own that tells what it overhears."""
    contexts = []

    def opened() -> Page:
        context = browser.new_context(base_url=portal.url, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: overheard.extend(complaints(message)))
        page.on("pageerror", lambda error: overheard.append(str(error)))
        page.on("request", lambda request: overheard.extend(strangers(request, portal.url)))
        return page

    yield opened
    for context in contexts:
        context.close()


def complaints(message: ConsoleMessage) -> list[str]:
    # A page that is answered with 404 or 422 is no failure of the page, though the browser says so.
    is_the_page = message.page is not None and message.location["url"] == message.page.url
    if message.type not in {"error", "warning"} or is_the_page:
        return []
    return [f"console: {message.text}"]


def strangers(request: Request, home: str) -> list[str]:
    known = request.url.startswith((f"{home}/", "data:"))
    return [] if known else [f"asks {request.url}"]


def troubles(page: Page) -> Iterator[str]:
    """Say all that is wrong with the page as it stands."""
    page.evaluate(AXE.axe_script)
    for size in (DESKTOP, NARROWEST):
        page.set_viewport_size(size)
        for scheme, rules in ASKED.items():
            page.emulate_media(color_scheme=scheme)
            found = AxeResults(page.evaluate(RUN_AXE, rules))
            if found.violations_count:
                yield f"{scheme}, {size['width']} pixels wide: {found.generate_report()}"
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > NARROWEST["width"]:
        yield f"scrolls sideways: {wide} pixels wide at {NARROWEST['width']}"
    if (titles := page.locator("h1").count()) != 1:
        yield f"has {titles} titles"
    page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("walk", WALKS)
def test_everyone_can_use_every_page(
    walk: str, portal: Portal, new_page: NewPage, overheard: list[str]
) -> None:
    found = []
    for kind, page in WALKS[walk](new_page, portal.code):
        found += [f"{kind}: {trouble}" for trouble in [*troubles(page), *overheard]]
        overheard.clear()
    assert not found, "\n\n".join(found)
