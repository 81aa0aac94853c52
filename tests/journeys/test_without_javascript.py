"""Where no script runs, the whole way works: search, refer, choose, send, claim, ask, answer, accept."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.cast import FAIRBANKS
from tests.journeys.acts import answer_safety, answer_step, follow, move, press, send, sign_in
from tests.journeys.conftest import ONE_DATABASE, PHONE
from tests.journeys.portal import Portal
from tests.web.practice import STEPS

pytestmark = ONE_DATABASE


def plain_browser(browser: Browser, portal: Portal) -> BrowserContext:
    """Open a browser on a phone, in which no script runs."""
    return browser.new_context(base_url=portal.url, viewport=PHONE, java_script_enabled=False)


def search_and_refer(page: Page) -> str:
    """Refer a patient of Bethel from the search, to Fairbanks all the same, and return the reference."""
    page.goto("/")
    # The script would offer it, so none runs here.
    expect(page.get_by_role("button", name="Use my location")).to_have_count(0)
    page.get_by_label("Near which place?").fill("Bethel")
    press(page, "Find clinics")
    follow(page, "Refer to Anchorage")
    answer_safety(page)
    for step in STEPS:
        answer_step(page, step, place="Bethel")
    page.locator(f'[name="clinic"][value="{FAIRBANKS}"]').check()
    page.get_by_label("The patient agrees").check()
    press(page, "Send referral to Anchorage")
    # The button could not follow the choice, so the page asks once more and keeps the choice.
    expect(page.get_by_role("alert")).to_contain_text("You chose another clinic than the button named")
    return send(page)


def test_the_whole_way_works_without_javascript(portal: Portal, browser: Browser) -> None:
    with (
        plain_browser(browser, portal) as practice,
        plain_browser(browser, portal) as clinic,
    ):
        referrer, nurse = practice.new_page(), clinic.new_page()
        reference = search_and_refer(referrer)
        expect(referrer.get_by_role("main")).to_contain_text("It went to Ketwell Alaska, Fairbanks")
        follow(referrer, "Follow this referral")

        sign_in(nurse, "dahlia", portal.code)
        follow(nurse, reference)
        press(nurse, "Claim")
        move(nurse, reference, "Ask the referrer", code="IN01", words="Which dose of sertraline?")

        referrer.reload()
        expect(referrer.get_by_role("heading", name="Yours: the clinic asked a question")).to_be_visible()
        referrer.get_by_role("textbox").fill("200 mg for 14 weeks.")
        press(referrer, "Send the answer")

        nurse.reload()
        expect(nurse.get_by_role("main")).to_contain_text("200 mg for 14 weeks.")
        move(nurse, reference, "Accept for consultation", words="We call on Tuesday.")
        expect(nurse.locator("p[role=status]")).to_contain_text(f"{reference} is accepted.")

        referrer.reload()
        expect(referrer.get_by_role("main")).to_contain_text("We call on Tuesday.")
