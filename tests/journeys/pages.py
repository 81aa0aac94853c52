"""Every kind of page that people meet, reached as people reach it; a new kind of page gets a stop on one of these walks."""

from collections.abc import Callable, Iterator

from playwright.sync_api import FilePayload, Page, expect

from portal.domain.lifecycle import Move
from portal.web.forms.triage import ASKED
from tests import papers
from tests.cast import FAIRBANKS
from tests.journeys.acts import (
    CodeOf,
    answer_safety,
    answer_step,
    begin,
    fill_all,
    follow,
    move,
    press,
    press_move,
    refer,
    send,
    sign_in,
)

Stop = tuple[str, Page]
"""The kind of page, and the page that shows one now."""
NewPage = Callable[[], Page]
Walk = Callable[[NewPage, CodeOf], Iterator[Stop]]
"""Is given what opens a fresh browser and what tells codes, and stops at one kind of page after the other."""

PROBLEM = "There is a problem"
QUESTION = "Which dose of sertraline?"

OPEN_TO_ALL = {
    "home": ("/", "Find a ketamine infusion clinic"),
    "all clinics": ("/clinics", "Ketwell Alaska, Anchorage"),
    "results": ("/clinics?near=Bethel", "Clinics near Bethel, Alaska"),
    "results for a shortened address": ("/clinics?near=99701&shortened=1", "Only the town or the ZIP code"),
    "ambiguous": ("/clinics?near=Springfield", "Which Springfield?"),
    "typo": ("/clinics?near=Ankorage", "Did you mean"),
    "unknown": ("/clinics?near=qqqq", "is in none of our tables"),
    "filtered to nothing": ("/clinics?near=99701&offering=esketamine", "No clinic in the directory"),
    "clinic": (f"/clinics/{FAIRBANKS}?near=99701", "Refer a patient to Fairbanks"),
    "clinic that takes no referrals": ("/clinics/daydream-md-san-diego", "Address not yet confirmed"),
    "sheet for a doctor": (f"/clinics/{FAIRBANKS}/ask", "Take this to your doctor"),
    "short link to no clinic": ("/c/999", "No clinic has this link"),
    "for patients": ("/for-patients", "What you can do now"),
    "about": ("/about", "Where the listings come from"),
    "privacy": ("/privacy", "Cookies and other sites"),
    "accessibility": ("/accessibility", "What that means here"),
    "check a referral": ("/status", "Open the referral"),
    "no such page": ("/nothing", "There is no such page"),
    "wrong status link": ("/s/mistyped", "No referral is open here"),
    "form of another browser": ("/refer/another/patient", "This form cannot be opened here"),
}


def stop(kind: str, page: Page, says: str) -> Stop:
    """Stop at a page, which is the one that is meant only if it says this."""
    expect(page.get_by_role("main")).to_contain_text(says)
    return kind, page


def unfold(page: Page) -> None:
    """Open all that is folded away: the menu of a narrow page, the other places of a name."""
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


def visitor(new_page: NewPage, _code_of: CodeOf) -> Iterator[Stop]:
    """Look at every page that is open to all."""
    page = new_page()
    for kind, (path, says) in OPEN_TO_ALL.items():
        page.goto(path)
        yield stop(kind, page, says)
    page.goto("/status")
    press(page, "Open the referral")
    yield stop("check a referral, with errors", page, PROBLEM)
    page.goto("/clinics?near=99701")
    unfold(page)
    yield stop("results, unfolded", page, "Not this place?")


def practice(new_page: NewPage, _code_of: CodeOf) -> Iterator[Stop]:
    """Refer a patient, by every turn that the form can take."""
    page = new_page()
    yield from _safety(page)
    yield from _patient(page)
    yield from _reason_and_practice(page)
    yield from _sending(page)


def _safety(page: Page) -> Iterator[Stop]:
    page.goto("/refer")
    yield stop("safety", page, "First, safety")
    press(page, "Continue")
    yield stop("safety, with errors", page, PROBLEM)
    page.context.clear_cookies(name="session")
    answer_safety(page, danger="yes")
    yield stop("danger on a page that was open too long", page, "Get help now")
    begin(page, danger="yes")
    yield stop("stopped", page, "Get help now")
    follow(page, "I chose that answer by mistake")
    yield stop("safety, asked again", page, "Safety, asked again")
    answer_safety(page)
    yield stop("safety, asked again, with errors", page, PROBLEM)
    page.get_by_label("Why the answer changes").fill("Pressed by mistake.")
    press(page, "Continue")


def _patient(page: Page) -> Iterator[Stop]:
    yield stop("patient", page, "Who is the patient?")
    press(page, "Continue")
    yield stop("patient, with errors", page, PROBLEM)
    answer_step(page, "patient", place="Ankorage")
    yield stop("place asked back", page, "Use Anchorage")
    answer_step(page, "patient", place="Springfield")
    yield stop("place to be chosen", page, "Which one?")
    answer_step(page, "patient", date_of_birth="3 27 2015")
    yield stop("under 18", page, "This network treats adults only")
    follow(page, "The date of birth is wrong")
    answer_step(page, "patient")


def _reason_and_practice(page: Page) -> Iterator[Stop]:
    yield stop("reason", page, "What do you refer for?")
    press(page, "Continue")
    yield stop("reason, with errors", page, PROBLEM)
    answer_step(page, "reason")
    yield from _what_may_be_left_out(page)
    yield stop("practice", page, "You and your practice")
    press(page, "Continue")
    yield stop("practice, with errors", page, PROBLEM)
    yield from _files(page)
    follow(page, "Finish later")
    yield stop("finish later", page, "Go on now")
    page.goto("/refer")
    yield stop("safety, with a form not finished", page, "Not finished yet")
    follow(page, "Go on with the form")
    answer_step(page, "practice")


def _what_may_be_left_out(page: Page) -> Iterator[Stop]:
    yield stop("tried", page, "Treatments tried")
    press(page, "Add another")
    yield stop("tried, with a row more", page, "Treatments tried")
    unfold(page)
    yield stop("tried, unfolded", page, "Treatments tried")
    press(page, "Continue")
    yield stop("checklist", page, "Safety checklist")
    unfold(page)
    yield stop("checklist, unfolded", page, "Safety checklist")
    press(page, "Continue")


def _files(page: Page) -> Iterator[Stop]:
    page.goto(f"{page.url.rpartition('/')[0]}/files")
    yield stop("files, none yet", page, "Files for this referral")
    files = page.get_by_label("Choose files")
    letter = FilePayload(name="Letter.pdf", mimeType="application/pdf", buffer=papers.pdf())
    word = FilePayload(name="Letter.docx", mimeType="application/msword", buffer=b"PK\x03\x04")
    files.set_input_files([letter, word])
    press(page, "Add files")
    yield stop("files, with one refused", page, "1 added, 1 not.")


def _sending(page: Page) -> Iterator[Stop]:
    yield stop("check", page, "Check your answers")
    press(page, "Send referral")
    yield stop("check, with errors", page, PROBLEM)
    send(page)
    yield stop("receipt", page, "Referral sent")
    follow(page, "Follow this referral")
    yield stop("status page", page, "What happened so far")
    yield from _changing(page)
    follow(page, "Withdraw this referral")
    yield stop("withdrawing", page, "Withdraw referral")
    press(page, "Yes, withdraw")
    yield stop("withdrawing, with errors", page, PROBLEM)
    fill_all(page)
    page.get_by_label("The patient agrees").check()
    press(page, "Send referral")
    yield stop("sent before", page, "You sent a referral for this patient before")
    press(page, "Continue")
    yield stop("sent before, with errors", page, PROBLEM)


def _changing(page: Page) -> Iterator[Stop]:
    follow(page, "Change or add answers")
    yield stop("changing a referral", page, "Nothing is sent until you press the button")
    press(page, "Open the answers")
    yield stop("changes, none yet", page, "There is nothing to send")
    page.goto(f"{page.url.rpartition('/')[0]}/reason")
    answer_step(page, "reason", reason="Worse since Monday.")
    yield stop("changes", page, "Before:")
    follow(page, "Back to the referral")


def nurse(new_page: NewPage, code_of: CodeOf) -> Iterator[Stop]:
    """Work in the queue of Anchorage, to which no other story sends: it is empty at first."""
    page, colleague, referrer = new_page(), new_page(), new_page()
    sign_in(page, "fern", code_of)
    yield stop("queue, empty", page, "No open referrals")
    page.goto("/staff/outbox")
    yield stop("outbox, empty", page, "Everybody has been told")
    reference = refer(referrer, place="Bethel")
    yield from _waiting(page, reference)
    press(page, "Claim")
    yield stop("referral, claimed", page, f"You hold {reference} now.")
    yield from _forms_of_moves(page, reference)
    sign_in(colleague, "birch", code_of)
    yield from _too_late(page, colleague, referrer, reference)


def _waiting(page: Page, reference: str) -> Iterator[Stop]:
    page.goto("/staff/outbox")
    yield stop("outbox", page, reference)
    page.goto("/staff/queue?tier=urgent")
    yield stop("queue, filtered to nothing", page, "Nothing here with these filters")
    page.goto("/staff/queue")
    yield stop("queue", page, reference)
    unfold(page)
    yield stop("queue, unfolded", page, reference)
    follow(page, reference)
    yield stop("referral", page, "Why this clinic")


def _forms_of_moves(page: Page, reference: str) -> Iterator[Stop]:
    for verb in (Move.ACCEPT, Move.ASK, Move.TRANSFER, Move.DECLINE, Move.WITHDRAW):
        page.goto(f"/staff/referrals/{reference}/{verb}")
        yield stop(f"form of {verb}", page, ASKED[verb].words)
        press_move(page)
        yield stop(f"form of {verb}, with errors", page, PROBLEM)


def _too_late(page: Page, colleague: Page, referrer: Page, reference: str) -> Iterator[Stop]:
    _write_acceptance(page, reference)
    move(colleague, reference, "Ask the referrer", code="IN01", words=QUESTION)
    press_move(page)
    yield stop("referral, changed, with words to copy", page, "What you typed, to copy:")
    yield from _asked(page, referrer, reference)
    move(colleague, reference, "Record an answer", words="200 mg, said Dr. Mockingham.")
    press(referrer, "Send the answer")
    yield stop("status page, changed meanwhile", referrer, "What you wrote was not sent")
    _write_acceptance(page, reference)
    press(colleague, "Release")
    press(colleague, "Claim")
    press_move(page)
    yield stop("referral, changed, with its form kept", page, "What you typed is kept")
    move(
        colleague, reference, "Transfer", code="RD08", words="She stays with family there.", clinic=FAIRBANKS
    )
    press_move(page)
    yield stop("referral, gone to another clinic", page, "There is no such referral in your queues")
    yield from _found_and_opened(page, reference)


def _found_and_opened(page: Page, reference: str) -> Iterator[Stop]:
    page.goto("/staff/find")
    yield stop("find", page, "Find a referral")
    page.get_by_label("Reference").fill(reference)
    press(page, "Find")
    yield stop("find, nothing found", page, "No referral that you may read fits.")
    page.goto("/staff/emergency")
    press(page, "Open it and record my name")
    yield stop("emergency, with errors", page, PROBLEM)
    page.get_by_label("Reference").fill(reference)
    page.get_by_label("Why you must see it now").fill("Brought in unconscious, needs the medicine list.")
    press(page, "Open it and record my name")
    yield stop("referral, opened in an emergency", page, "You opened this in an emergency.")
    page.goto("/staff/emergency")
    yield stop("emergency, with one open", page, reference)


def _write_acceptance(page: Page, reference: str) -> None:
    page.goto(f"/staff/referrals/{reference}/accept")
    page.get_by_role("textbox").fill("Fits a consultation.")


def _asked(page: Page, referrer: Page, reference: str) -> Iterator[Stop]:
    page.goto(f"/staff/referrals/{reference}/answer")
    yield stop("form of answer", page, ASKED[Move.ANSWER].words)
    referrer.goto(f"/r/{reference}")
    yield stop("status page, with a question", referrer, QUESTION)
    press(referrer, "Send the answer")
    yield stop("status page, with errors", referrer, PROBLEM)
    referrer.get_by_role("textbox").fill("200 mg for 14 weeks.")
