"""Two minutes before a session goes idle the page says so, and one press keeps it; nothing is renewed by itself."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.acts import press
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal
from tests.journeys.test_passkeys import come_in

OpenQueue = Callable[[str], Page]
SAID = "In two minutes you are signed out"


@pytest.fixture
def open_queue(portal: Portal, person: BrowserContext) -> OpenQueue:
    """Opens somebody's queue, in a browser whose clock the test turns."""

    def sign_in(name: str) -> Page:
        page = person.new_page()
        come_in(portal, page, name)
        page.clock.install()
        page.goto("/staff/queue")
        return page

    return sign_in


@pytest.fixture
def database(portal: Portal) -> Iterator[sa.Engine]:
    engine = sa.create_engine(portal.database_url)
    yield engine
    engine.dispose()


def region(page: Page) -> Locator:
    return page.locator("[data-idle-minutes]")


def let_five_minutes_pass(database: sa.Engine) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE member_sessions SET seen_at = datetime(seen_at, '-5 minutes')"))


def last_seen(database: sa.Engine) -> str:
    with database.connect() as connection:
        return str(connection.scalar(sa.text("SELECT max(seen_at) FROM member_sessions")))


@ONE_DATABASE
def test_the_page_warns_and_one_press_keeps_the_session(open_queue: OpenQueue, database: sa.Engine) -> None:
    page = open_queue("aster")
    page.clock.fast_forward("12:59")
    expect(region(page)).to_be_empty()
    let_five_minutes_pass(database)
    before = last_seen(database)
    page.clock.fast_forward("00:01")
    expect(region(page)).to_contain_text(SAID)
    assert last_seen(database) == before
    press(page, "Stay signed in")
    expect(region(page)).to_be_empty()
    assert last_seen(database) > before


@ONE_DATABASE
def test_a_page_opened_in_another_tab_counts_for_both(open_queue: OpenQueue, person: BrowserContext) -> None:
    page = open_queue("birch")
    page.clock.fast_forward("13:00")
    expect(region(page)).to_contain_text(SAID)
    person.new_page().goto("/staff/outbox")
    expect(region(page)).to_be_empty()


@ONE_DATABASE
def test_whoever_is_signed_out_already_is_told_so(open_queue: OpenQueue, database: sa.Engine) -> None:
    page = open_queue("hazel")
    page.clock.fast_forward("13:00")
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE member_sessions SET ended_at = seen_at"))
    press(page, "Stay signed in")
    expect(region(page)).to_contain_text("You are signed out.")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
