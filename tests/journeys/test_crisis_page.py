"""The crisis page where it matters: no script, a small phone, a keyboard, paper, a style sheet that never came."""

from playwright.sync_api import Browser, Page, expect

from tests.build import SAFE
from tests.journeys.acts import answer_safety, begin, press
from tests.journeys.conftest import ONE_DATABASE, PHONE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

TARGET_PX = 44
SCREENER = (*SAFE, "safety.method", "safety.intent", "safety.plan", "safety.attempt_within_3_months")


def plain_page(browser: Browser, portal: Portal) -> Page:
    """Open a page on a phone, in which no script runs."""
    return browser.new_page(base_url=portal.url, viewport=PHONE, java_script_enabled=False)


def test_it_takes_the_focus_and_every_call_is_wide_enough_for_a_thumb(
    portal: Portal, browser: Browser
) -> None:
    page = plain_page(browser, portal)
    begin(page, danger="yes")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Get help now")
    calls = page.locator("a.call")
    assert calls.count() > 4
    for call in calls.all():
        box = call.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TARGET_PX
    page.keyboard.press("Tab")
    expect(calls.first).to_be_focused()
    page.close()


def test_it_stays_when_the_session_is_gone(portal: Portal, browser: Browser) -> None:
    page = plain_page(browser, portal)
    begin(page, danger="yes")
    page.context.clear_cookies(name="session")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Get help now")
    page.close()


def test_a_page_that_was_open_too_long_tells_whom_to_call_first(portal: Portal, browser: Browser) -> None:
    page = plain_page(browser, portal)
    page.goto("/refer")
    page.context.clear_cookies()
    answer_safety(page, danger="yes")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator("a.call").first).to_have_attribute("href", "tel:911")
    press(page, "Keep my answers")
    expect(page.get_by_role("link", name="I chose that answer by mistake")).to_be_visible()
    page.close()


def test_on_paper_the_numbers_are_black_on_white(portal: Portal, browser: Browser) -> None:
    page = plain_page(browser, portal)
    begin(page, danger="yes")
    page.emulate_media(media="print")
    first = page.locator("a.call").first
    expect(first).to_be_visible()
    expect(first).to_have_css("color", "rgb(0, 0, 0)")
    expect(first).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    page.close()


def test_without_the_style_sheet_every_question_of_the_screener_is_there(
    portal: Portal, browser: Browser
) -> None:
    page = plain_page(browser, portal)
    page.goto("/refer")
    due_later = page.locator('[name="safety.plan"]').first
    expect(due_later).not_to_be_visible()
    page.route("**/theme*.css", lambda route: route.abort())
    page.reload()
    for name in SCREENER:
        expect(page.locator(f'[name="{name}"]').first).to_be_visible()
    page.close()
