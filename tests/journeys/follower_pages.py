"""The pages of who follows a referral, and the forms with which a clinic answers there, reached as people reach them."""

from collections.abc import Iterator

from playwright.sync_api import FilePayload, Page

from tests import papers
from tests.journeys.acts import CodeOf, follow, move, press, press_move, refer, sign_in
from tests.journeys.pages import PROBLEM, NewPage, Stop, stop

LETTER = FilePayload(name="Letter.pdf", mimeType="application/pdf", buffer=papers.pdf())
WORD = FilePayload(name="Letter.docx", mimeType="application/msword", buffer=b"PK\x03\x04")


def follower(new_page: NewPage, code_of: CodeOf) -> Iterator[Stop]:
    """Follow a referral from two browsers: the one that filed it, and one that has the link alone."""
    page, stranger, clinic = new_page(), new_page(), new_page()
    # Sent by others too, so that the clinic's page lists them as possibly the same patient.
    for other in (new_page(), new_page()):
        refer(other)
    reference = refer(page)
    link = page.locator("a[href*='/s/']").first.get_attribute("href") or ""
    yield from _on_paper(page, reference)
    yield from _adding(page, reference)
    stranger.goto(link[link.index("/s/") :])
    yield stop("status page, of a link alone", stranger, "Show the files")
    follow(stranger, "Show the files")
    yield stop("who is the patient", stranger, "Show the patient of")
    press(stranger, "Go on")
    yield stop("who is the patient, with errors", stranger, PROBLEM)
    sign_in(clinic, "dahlia", code_of)
    yield from _cancelling(page, clinic, reference)
    press(page, "Send a new link and end the old ones")
    yield stop("status page, with a new link", page, "A new link is on its way")
    stranger.goto(f"/r/{reference}")
    yield stop("link that ended", stranger, "have a new link sent")
    follow(stranger, "Paste a link, or have a new one sent")
    press(stranger, "Send me a new link")
    yield stop("check a referral, asked for a link with errors", stranger, PROBLEM)


def _on_paper(page: Page, reference: str) -> Iterator[Stop]:
    page.goto(f"/r/{reference}")
    follow(page, "Summary to print or fax")
    yield stop("summary", page, "Where it went, and why")
    follow(page, "Back to the referral")
    follow(page, "Travel sheet for Alaska Medicaid")
    yield stop("travel sheet", page, "This sheet decides nothing")


def _adding(page: Page, reference: str) -> Iterator[Stop]:
    page.goto(f"/r/{reference}/add")
    yield stop("adding", page, "Add to referral")
    press(page, "Add it")
    yield stop("adding, with errors", page, PROBLEM)
    page.get_by_label("Files").set_input_files([LETTER, WORD])
    press(page, "Add it")
    yield stop("adding, with a file refused", page, "All else is sent.")


def _cancelling(page: Page, clinic: Page, reference: str) -> Iterator[Stop]:
    clinic.goto(f"/staff/referrals/{reference}")
    press(clinic, "Claim")
    move(clinic, reference, "Write to the referrer", words="Bring the medicine list.")
    move(clinic, reference, "Accept for consultation", words="We call this week.")
    page.goto(f"/r/{reference}/ask_to_cancel")
    yield stop("asking to cancel", page, "visits and travel may be booked")
    press(page, "Ask to cancel this referral")
    yield stop("asking to cancel, with errors", page, PROBLEM)
    page.get_by_role("textbox").fill("She moved away.")
    press(page, "Ask to cancel this referral")
    yield stop("status page, to be cancelled", page, "Take it back")
    clinic.goto(f"/staff/referrals/{reference}")
    yield stop("referral, to be cancelled", clinic, "Confirm the cancellation")
    follow(clinic, "Confirm the cancellation")
    press_move(clinic)
    yield stop("form of confirm_cancel, with errors", clinic, PROBLEM)
