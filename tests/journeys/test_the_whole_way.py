"""The whole way, once: find a clinic, send a referral, see it in the nearest clinic's queue, decide it, be told."""

import re
import time
from email.message import EmailMessage

from playwright.sync_api import Browser, Page, expect

from portal.cli.seed import DEMO_PASSWORD
from tests.journeys.portal import Portal

ADDRESS = "whole.way@example.com"
MAIL_WITHIN_SECONDS = 60


def search(page: Page, place: str) -> list[str]:
    """Search from the first page and return the clinics' names in the order of the list."""
    page.goto("/")
    page.get_by_label("Near which place?").fill(place)
    page.get_by_role("button", name="Find clinics").click()
    return page.locator(".results h2").all_inner_texts()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def refer(page: Page) -> str:
    """Send a referral for a patient in Fairbanks from the clinic's entry, and return its reference."""
    page.get_by_role("link", name="Refer to Fairbanks").click()
    for asked in ("Is anyone in immediate danger", "1. Wished", "2. Thoughts", "6. Ever did"):
        page.get_by_role("group", name=asked).get_by_label("No", exact=True).check()
    go_on(page)
    page.get_by_label("Patient's name").fill("Cedar Sampleton")
    page.get_by_label("Date of birth").fill("3 27 1985")
    page.get_by_label("Mobile or home phone").fill("907-555-0142")
    page.get_by_label("Where the patient will be").fill("99701")
    go_on(page)
    page.get_by_label("Depression that has not got better with treatment").check()
    page.get_by_label("Why you refer now").fill("Two adequate trials without lasting response.")
    go_on(page)
    # What was tried and the checklist may be left out.
    for title in ("Treatments tried", "Safety checklist"):
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        go_on(page)
    page.get_by_label("Referrer's name").fill("Aster Mockingham, MD")
    page.get_by_label("Practice", exact=True).fill("Example Family Practice, Fairbanks")
    page.get_by_label("Email for decisions").fill(ADDRESS)
    go_on(page)
    page.get_by_label("The patient agrees").check()
    page.get_by_role("button", name="Send referral to Fairbanks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Referral sent")
    found = re.search(r"/r/([0-9A-Z]{4}-[0-9A-Z]{4})/receipt$", page.url)
    assert found is not None, page.url
    return found[1]


def mail(portal: Portal, subject: str) -> EmailMessage:
    """Wait for a mail to the referrer and return it."""
    assert portal.mailbox is not None
    deadline = time.monotonic() + MAIL_WITHIN_SECONDS
    while time.monotonic() < deadline:
        for message in portal.mailbox.messages_to(ADDRESS):
            if message["Subject"] == subject:
                return message
        time.sleep(0.1)
    raise AssertionError(f"no mail “{subject}” came; {portal.log()}")


def link(message: EmailMessage) -> str:
    found = re.search(r"https?://\S+/s/\S+", message.get_content())
    assert found is not None
    return found[0]


def sign_in(portal: Portal, page: Page, name: str) -> None:
    page.goto("/staff")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(portal.code(name))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Queue")


def test_a_referral_goes_the_whole_way(portal: Portal, browser: Browser, page: Page) -> None:
    # A patient in a village, and a secretary in Fairbanks, each find the nearest clinic first.
    assert search(page, "Bethel")[0] == "Ketwell Alaska, Anchorage"
    assert search(page, "99701")[0] == "Ketwell Alaska, Fairbanks"

    # The secretary refers and has a receipt that says where it went; the mail brings the same link.
    reference = refer(page)
    expect(page.locator(".sheet")).to_contain_text("It went to Ketwell Alaska, Fairbanks")
    received = mail(portal, f"Referral {reference}: received")

    # Anchorage's nurse does not see it; Fairbanks' nurse claims and accepts it.
    with browser.new_context(base_url=portal.url) as anchorage:
        fern = anchorage.new_page()
        sign_in(portal, fern, "fern")
        assert reference not in fern.content()
        answer = fern.goto(f"/staff/referrals/{reference}")
        assert answer is not None
        assert answer.status == 404
    with browser.new_context(base_url=portal.url) as fairbanks:
        dahlia = fairbanks.new_page()
        sign_in(portal, dahlia, "dahlia")
        dahlia.get_by_role("link", name=reference).click()
        dahlia.get_by_role("button", name="Claim").click()
        dahlia.get_by_role("link", name="Accept for consultation").click()
        dahlia.locator("textarea").fill("Fits a consultation. We call this week.")
        dahlia.get_by_role("button", name="Accept").click()
        expect(dahlia.locator("main")).to_contain_text("Accepted")

    # The referrer is told by mail; the link in it opens the status page, without an account.
    accepted = mail(portal, f"Referral {reference}: accepted")
    with browser.new_context(base_url=portal.url) as practice:
        status = practice.new_page()
        status.goto(link(accepted))
        assert status.url == f"{portal.url}/r/{reference}"
        expect(status.locator("main")).to_contain_text("Accepted")
        assert "Sampleton" not in status.content()
    assert link(received) == link(accepted)
    assert "Sampleton" not in str(accepted)
