"""A portal and a browser for the stories; one portal a database, started once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.conftest import DATABASES, new_postgres_database
from tests.journeys import portal as running_portal
from tests.journeys.portal import Portal
from tests.servers import chromium

PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
ONE_DATABASE = pytest.mark.parametrize("portal", ["sqlite"], indirect=True, scope="session")
"""For stories in which the database has no part."""

# A busy machine takes its time; a wait that is long costs something only where a story fails.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session", params=DATABASES)
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp(f"portal-{request.param}")
    sqlite = f"sqlite:///{folder / 'portal.sqlite3'}"
    url = sqlite if request.param == "sqlite" else new_postgres_database()
    with running_portal.running(folder, url) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(chromium.executable()), args=chromium.ARGUMENTS
        )
        yield found
        found.close()


@pytest.fixture
def person(portal: Portal, browser: Browser) -> Iterator[BrowserContext]:
    """Somebody's browser, as fresh as on a first visit."""
    context = browser.new_context(base_url=portal.url, viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def page(person: BrowserContext) -> Page:
    """A page on which nothing goes wrong in the console, and which asks nobody but the portal."""
    return person.new_page()
