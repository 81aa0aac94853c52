"""Whatever happens to a browser in the middle of a referral, nothing typed is lost and nothing is sent twice."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.build import TYPED
from tests.journeys.acts import answer_step, begin, fill_all, follow, press, refer, reference_of, type_step
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

ENDED = "This page was open too long to send safely. Nothing you typed is lost"
SENT = "Referral sent"

CountFiled = Callable[[], int]


@pytest.fixture
def count_filed(portal: Portal) -> Iterator[CountFiled]:
    """Counts the referrals that were filed since the test began."""
    engine = sa.create_engine(portal.database_url)

    def count() -> int:
        with engine.connect() as connection:
            return connection.scalar(sa.text("SELECT count(*) FROM referrals")) or 0

    before = count()
    yield lambda: count() - before
    engine.dispose()


def end_session(person: BrowserContext) -> None:
    """Take the session from a browser and leave it the key of its draft."""
    assert {cookie["name"].partition("-")[0] for cookie in person.cookies()} == {"session", "draft"}
    person.clear_cookies(name="session")


@ONE_DATABASE
def test_an_ended_session_keeps_what_was_typed(person: BrowserContext, page: Page) -> None:
    begin(page)
    answer_step(page, "patient")
    type_step(page, "reason")
    end_session(person)
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text(ENDED)
    expect(page.get_by_label("Why you refer now")).to_have_value(TYPED["reason"])
    press(page, "Continue")
    for step in ("tried", "checklist", "practice"):
        answer_step(page, step)
    for typed in ("Cedar Sampleton", TYPED["reason"], TYPED["referrer.practice"]):
        expect(page.get_by_role("main")).to_contain_text(typed)


@ONE_DATABASE
def test_an_ended_session_at_the_last_button_sends_all_the_same(
    person: BrowserContext, page: Page, count_filed: CountFiled
) -> None:
    fill_all(page)
    page.get_by_label("The patient agrees").check()
    end_session(person)
    press(page, "Send referral")
    expect(page.get_by_role("alert")).to_contain_text(ENDED)
    expect(page.get_by_label("The patient agrees")).to_be_checked()
    press(page, "Send referral")
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    assert count_filed() == 1


@ONE_DATABASE
def test_a_browser_that_forgot_all_shows_what_was_typed_once_more(person: BrowserContext, page: Page) -> None:
    begin(page)
    answer_step(page, "patient")
    type_step(page, "reason", reason="Worse since autumn.\nTwo trials failed.")
    person.clear_cookies()
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("This form cannot be opened here")
    said = page.get_by_role("main").inner_text()
    assert "Worse since autumn.\nTwo trials failed." in said
    assert "Depression that has not got better with treatment" in said


@ONE_DATABASE
def test_a_closed_browser_goes_on_where_it_was(person: BrowserContext, page: Page) -> None:
    begin(page)
    answer_step(page, "patient")
    answer_step(page, "reason")
    page.close()
    # What a browser forgets when it is closed is what has no last day.
    for name in [cookie["name"] for cookie in person.cookies() if cookie["expires"] < 0]:
        person.clear_cookies(name=name)
    again = person.new_page()
    again.goto("/refer")
    follow(again, "Go on with the form")
    for step in ("tried", "checklist", "practice"):
        answer_step(again, step)
    expect(again.get_by_role("main")).to_contain_text(TYPED["reason"])


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_double_click_sends_once(
    portal: Portal, browser: Browser, count_filed: CountFiled, script: bool
) -> None:
    with browser.new_context(base_url=portal.url, java_script_enabled=script) as person:
        page = person.new_page()
        fill_all(page)
        page.get_by_label("The patient agrees").check()
        page.get_by_role("button", name="Send referral").dblclick()
        reference_of(page)
        expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    assert count_filed() == 1


@ONE_DATABASE
def test_an_answer_lost_on_the_way_is_found_by_loading_again(page: Page, count_filed: CountFiled) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    fill_all(page)
    page.get_by_label("The patient agrees").check()
    page.route("**/check", lose, times=1)
    press(page, "Send referral")
    expect(page.get_by_role("heading", level=1)).to_contain_text("This site can’t be reached")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    assert count_filed() == 1


@ONE_DATABASE
def test_reloading_the_receipt_sends_nothing(page: Page, count_filed: CountFiled) -> None:
    reference = refer(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    assert reference_of(page) == reference
    assert count_filed() == 1


@ONE_DATABASE
def test_going_back_after_sending_leads_to_the_receipt(page: Page, count_filed: CountFiled) -> None:
    reference = refer(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENT)
    assert reference_of(page) == reference
    assert count_filed() == 1


@ONE_DATABASE
def test_going_back_over_a_mended_mistake_shows_the_form_and_not_a_warning(page: Page) -> None:
    begin(page)
    press(page, "Continue")
    expect(page.get_by_text("There is a problem")).to_be_visible()
    type_step(page, "patient")
    press(page, "Continue")
    page.go_back()
    expect(page.get_by_label("Patient's name")).to_be_visible()
