"""What somebody types is there although no button was pressed: after a closed browser, a line that was down, in two tabs."""

import time

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.journeys.acts import answer_step, begin, press, type_answer
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

ARRIVES_WITHIN_SECONDS = 30
CONFLICT = 409
NAME = "Cedar Sampleton"
PRESS = "Not saved yet: press Continue"
BY_BUTTON = "Safety answers not saved yet: press Continue"


def said(page: Page) -> Locator:
    """Return where the page says whether it is saved."""
    return page.locator("[data-saved]")


def type_and_see_it_saved(page: Page, label: str, text: str) -> None:
    """Type, and wait until the page has said that it is saved."""
    with page.expect_response("**/typed") as answer:
        page.get_by_label(label).press_sequentially(text)
    assert answer.value.ok
    expect(said(page)).to_contain_text("Saved ")


def private_link(page: Page) -> str:
    """Return the private link of the form that the page belongs to."""
    other = page.context.new_page()
    other.goto(page.url.rpartition("/")[0] + "/later")
    link = other.get_by_role("main").get_by_text("/d/").first.inner_text()
    other.close()
    return link


def test_a_browser_that_is_closed_while_one_types_loses_nothing(
    portal: Portal, browser: Browser, page: Page
) -> None:
    begin(page)
    link = private_link(page)
    type_and_see_it_saved(page, "Patient's name", NAME)
    # These come after the last save, and the browser closes before the next one is due.
    page.get_by_label("Where the patient will be").fill("Bethel")
    page.close(run_before_unload=True)
    with browser.new_context(base_url=portal.url) as another:
        again = another.new_page()
        deadline = time.monotonic() + ARRIVES_WITHIN_SECONDS
        again.goto(link)
        while again.get_by_label("Where the patient will be").input_value() != "Bethel":
            # The closed browser's last request is on its way, and nobody waits for its answer.
            assert time.monotonic() < deadline
            time.sleep(0.1)
            again.reload()
        expect(again.get_by_label("Patient's name")).to_have_value(NAME)


def test_a_line_that_was_down_is_told_and_tried_again(person: BrowserContext, page: Page) -> None:
    begin(page)
    page.clock.install()
    page.reload()
    page.route("**/typed", lambda route: route.abort(), times=1)
    page.get_by_label("Patient's name").fill(NAME)
    page.clock.run_for(2000)
    expect(said(page)).to_have_text("Not saved yet: the line is down, trying again")
    with page.expect_response("**/typed") as answer:
        page.clock.run_for(6000)
    assert answer.value.ok
    expect(said(page)).to_contain_text("Saved ")
    page.reload()
    expect(page.get_by_label("Patient's name")).to_have_value(NAME)


def test_a_page_whose_session_ended_says_so_and_tries_no_more(person: BrowserContext, page: Page) -> None:
    begin(page)
    tries: list[str] = []
    page.on("request", lambda asked: tries.extend([asked.url] if asked.url.endswith("/typed") else []))
    person.clear_cookies(name="session")
    page.get_by_label("Patient's name").fill(NAME)
    expect(said(page)).to_have_text(PRESS)
    page.get_by_label("Patient's name").fill(f"{NAME} again")
    press(page, "Continue")
    # The page that comes back shows what is not kept, and saves it by itself.
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    expect(said(page)).to_contain_text("Saved ")
    assert len(tries) == 2


def test_a_save_that_arrives_after_the_button_changes_nothing(page: Page) -> None:
    begin(page)
    late: list[Request] = []
    page.route("**/typed", lambda route: late.append(route.request))
    with page.expect_request("**/typed"):
        page.get_by_label("Patient's name").fill("Ced")
    answer_step(page, "patient")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What do you refer for?")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert page.request.post(late[0].url, data=late[0].post_data, headers=form).status == CONFLICT
    page.go_back()
    expect(page.get_by_label("Patient's name")).to_have_value(NAME)


def test_only_what_changed_is_sent_and_nothing_stays_in_the_browser(page: Page) -> None:
    begin(page)
    with page.expect_request("**/typed") as asked:
        type_answer(page, "patient.name", NAME)
    sent = asked.value.post_data or ""
    assert {part.partition("=")[0] for part in sent.split("&")} == {
        "patient.name", "turn", "csrf_token", "showing",
    }  # fmt: skip
    assert "Sampleton" not in asked.value.url
    stores = "() => [localStorage.length, sessionStorage.length]"
    assert page.evaluate(stores) == [0, 0]


def test_two_tabs_keep_what_both_typed(person: BrowserContext, page: Page) -> None:
    begin(page)
    other = person.new_page()
    other.goto(page.url)
    type_and_see_it_saved(other, "Where the patient will be", "Bethel")
    page.get_by_label("Patient's name").fill(NAME)
    expect(said(page)).to_have_text(PRESS)
    press(page, "Continue")
    expect(page.get_by_role("main")).to_contain_text("This step was saved in another tab too.")
    expect(page.get_by_label("Patient's name")).to_have_value(NAME)
    expect(page.get_by_label("Where the patient will be")).to_have_value("Bethel")


def test_answers_that_stop_the_form_are_not_said_to_be_saved_before_the_button(page: Page) -> None:
    begin(page)
    page.wait_for_url("**/patient")
    page.goto(page.url.removesuffix("patient") + "checklist")
    sent: list[str] = []
    page.on(
        "request", lambda asked: sent.extend([asked.post_data or ""] if asked.url.endswith("/typed") else [])
    )
    type_answer(page, "now.intoxicated", "no")
    expect(said(page)).to_have_text(BY_BUTTON)
    # Another answer is saved, and this one is said to wait all the same.
    with page.expect_response("**/typed"):
        type_answer(page, "vitals.heart_rate", "72")
    expect(said(page)).to_have_text(BY_BUTTON)
    assert all("vitals.heart_rate=72" in each and "now." not in each for each in sent)
    press(page, "Continue")
    page.wait_for_url("**/patient")
    page.goto(page.url.removesuffix("patient") + "checklist")
    expect(page.locator('[name="now.intoxicated"][value="no"]')).to_be_checked()
    # A slip that is taken back leaves all saved that stands there.
    type_answer(page, "now.intoxicated", "yes")
    expect(said(page)).to_have_text(BY_BUTTON)
    type_answer(page, "now.intoxicated", "no")
    expect(said(page)).to_contain_text("Saved ")
