"""The pages of signing in and of one's own account, and those of an auditor, reached as people reach them."""

from collections.abc import Iterator

from tests.journeys.acts import (
    CodeOf,
    answer_safety,
    answer_step,
    begin,
    follow,
    give_password,
    press,
    sign_in,
)
from tests.journeys.pages import PROBLEM, NewPage, Stop, stop

WRONG = "not hers"


def member(new_page: NewPage, code_of: CodeOf) -> Iterator[Stop]:
    """Come in with mistakes on the way, and look at the account."""
    page = new_page()
    give_password(page, "aster", WRONG)
    yield stop("sign-in, with errors", page, PROBLEM)
    follow(page, "Password lost?")
    yield stop("new password", page, "New password")
    page.get_by_label("Email").fill("nobody@example.com")
    press(page, "Send the link")
    yield stop("link sent", page, "Look into your mail")
    page.goto("/staff/new-password/wrong")
    yield stop("link that does not work", page, "This link does not work any more")
    page.goto("/staff/passkey")
    yield stop("passkey sign-in", page, "Sign in with a passkey")
    give_password(page, "aster")
    yield stop("second step", page, "Second step")
    press(page, "Go on")
    yield stop("second step, with errors", page, PROBLEM)
    follow(page, "Phone lost? Use a recovery code")
    yield stop("recovery code", page, "Use a recovery code")
    sign_in(page, "aster", code_of)
    page.goto("/staff/account")
    yield stop("account", page, "Recovery codes")
    follow(page, "Change your password")
    yield stop("change of password", page, "signed out everywhere else")
    page.goto("/staff/account/authenticator")
    yield stop("authenticator app", page, "Set up an authenticator app")
    page.goto("/staff/account/recovery-codes")
    press(page, "Make new recovery codes")
    yield stop("recovery codes, shown once", page, "Your recovery codes")
    page.goto("/staff/passkeys/new")
    yield stop("new passkey", page, "Add a passkey")
    page.goto("/staff/verify")
    yield stop("show that it is you", page, "Show that it is you")


def auditor(new_page: NewPage, code_of: CodeOf) -> Iterator[Stop]:
    """Read the log of who did what, and the emergencies."""
    page, officer = new_page(), new_page()
    sign_in(page, "juniper", code_of)
    page.goto("/staff/audit")
    yield stop("audit log", page, "Audit log")
    page.goto("/staff/audit?act=exported")
    yield stop("audit log, filtered", page, "Audit log")
    page.goto("/staff/queue")
    yield stop("page of another role", page, "role")
    sign_in(officer, "lupine", code_of)
    officer.goto("/staff/emergencies")
    yield stop("emergencies", officer, "Opened in emergencies")


def on_duty(new_page: NewPage, code_of: CodeOf) -> Iterator[Stop]:
    """See to a form that was stopped after somebody was named."""
    page, practice = new_page(), new_page()
    begin(practice)
    answer_step(practice, "patient")
    practice.goto(practice.url.rpartition("/")[0] + "/safety")
    answer_safety(practice, danger="yes")
    yield stop("stopped, alarmed", practice, "get an alarm by email")
    sign_in(page, "birch", code_of)
    yield stop("queue, with a stop", page, "for you.")
    page.goto("/staff/stops")
    yield stop("safety stops", page, "Cedar Sampleton")
    page.get_by_role("link", name="Write down what was done").first.click()
    yield stop("safety stop", page, "What was done")
    press(page, "Keep it and close this stop")
    yield stop("safety stop, with errors", page, PROBLEM)
    page.get_by_label("What was done").fill("Reached the patient, who is safe.")
    press(page, "Keep it and close this stop")
    yield stop("safety stop, seen to", page, "Seen to")
