"""One conversation in two browsers: asked, answered with a file, a note, accepted, asked to cancel, taken back."""

from playwright.sync_api import Browser, FilePayload, Page, expect

from tests import papers
from tests.journeys.acts import follow, move, press, refer, sign_in
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

LETTER = FilePayload(name="Letter.pdf", mimeType="application/pdf", buffer=papers.pdf())


def say(page: Page, said: str, button: str) -> None:
    """Write into the page's only box, and press."""
    page.get_by_role("textbox").fill(said)
    press(page, button)


def history(page: Page) -> list[str]:
    """Return the titles of what happened, newest first."""
    expect(page.get_by_role("heading", name="What happened so far")).to_be_visible()
    return page.locator(".timeline strong").all_inner_texts()


@ONE_DATABASE
def test_a_practice_and_a_clinic_talk_until_both_know(portal: Portal, browser: Browser, page: Page) -> None:
    reference = refer(page)
    with browser.new_context(base_url=portal.url) as other:
        nurse = other.new_page()
        sign_in(nurse, "dahlia", portal.code)
        nurse.goto(f"/staff/referrals/{reference}")
        press(nurse, "Claim")
        move(nurse, reference, "Ask the referrer", code="IN05", words="Is there a blood pressure?")
        page.goto(f"/r/{reference}")
        page.get_by_label("Files").set_input_files(LETTER)
        say(page, "128 over 82, the letter is below.", "Send the answer")
        expect(page.get_by_role("heading", level=2).first).to_have_text("The clinic's")
        expect(page.get_by_role("link", name="Letter.pdf")).to_be_visible()
        follow(page, "Add a file or a note")
        say(page, "Her sister can stay the night.", "Add it")
        nurse.goto(f"/staff/referrals/{reference}")
        expect(nurse.get_by_text("Her sister can stay the night.")).to_be_visible()
        move(nurse, reference, "Accept for consultation", words="We call this week.")
        page.goto(f"/r/{reference}")
        follow(page, "Ask to cancel")
        say(page, "She moved away.", "Ask to cancel this referral")
        nurse.goto("/staff/queue")
        row = nurse.get_by_role("row").filter(has_text=reference)
        expect(row).to_contain_text("Asks to cancel")
        press(page, "Take it back: go on with the referral")
        expect(page.get_by_role("link", name="Ask to cancel")).to_be_visible()
        assert [title.partition(" ")[0] for title in history(page)[:3]] == ["You", "You", "Ketwell"]
