"""What a practice and a nurse do in a browser; each act starts from the page the one before it led to."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.cli.seed import DEMO_PASSWORD
from tests.build import SAFE, TYPED
from tests.web.practice import STEPS

CodeOf = Callable[[str], str]
"""Tells what the authenticator app of somebody shows now."""


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    page.get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    """Follow the link of this name."""
    page.get_by_role("link", name=name).click()


def type_answer(page: Page, name: str, value: str) -> None:
    """Give one answer by its dotted name, whatever control takes it; open what it stands in."""
    field = page.locator(f'[name="{name}"]')
    folded = page.locator("details:not([open])").filter(has=field)
    if folded.count():
        folded.locator("summary").first.click()
    if field.first.get_attribute("type") == "radio":
        field.and_(page.locator(f'[value="{value}"]')).check()
    elif field.first.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def type_step(page: Page, step: str, **changed: str) -> None:
    """Type the usual answers of a step; fields may be changed by their last name, like `place="Bethel"`."""
    # Without an answer to wait for, the page before could still stand here.
    page.wait_for_url(re.compile(rf"/{step}(\?|$)"))
    for name in STEPS[step]:
        type_answer(page, name, changed.get(name.rpartition(".")[2], TYPED[name]))


def answer_step(page: Page, step: str, **changed: str) -> None:
    """Type the answers of a step and go on."""
    type_step(page, step, **changed)
    press(page, "Continue")


def answer_safety(page: Page, *, danger: str = "no") -> None:
    """Answer the safety questions of a patient who never thought of dying, and go on."""
    for name, value in (SAFE | {"safety.immediate_danger": danger}).items():
        type_answer(page, name, value)
    press(page, "Continue")


def begin(page: Page, *, danger: str = "no") -> None:
    """Open the form and answer the safety questions."""
    page.goto("/refer")
    answer_safety(page, danger=danger)


def fill_all(page: Page, **changed: str) -> None:
    """Begin a referral and fill in every step, to the last look before sending."""
    begin(page)
    for step in STEPS:
        answer_step(page, step, **changed)


def send(page: Page) -> str:
    """Send what is filled in and return its reference."""
    page.get_by_label("The patient agrees").check()
    press(page, "Send referral")
    return reference_of(page)


def refer(page: Page, **changed: str) -> str:
    """Send a referral, to Fairbanks unless the place is changed, and return its reference."""
    fill_all(page, **changed)
    return send(page)


def reference_of(page: Page) -> str:
    """Return the reference that the page's address names."""
    page.wait_for_url(re.compile(r"/r/"))
    found = re.search(r"/r/([0-9A-Z-]+)", page.url)
    assert found is not None, page.url
    return found[1]


def give_password(page: Page, name: str, password: str = DEMO_PASSWORD) -> None:
    """Go the first step of signing in."""
    page.goto("/staff")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def sign_in(page: Page, name: str, code_of: CodeOf) -> None:
    """Sign a member of the cast in by both steps; they land on the page of their role."""
    give_password(page, name)
    page.get_by_label("Code").fill(code_of(name))
    press(page, "Go on")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Second step")


def move(
    page: Page, reference: str, verb: str, *, words: str, code: str | None = None, clinic: str | None = None
) -> None:
    """Make a move that asks for something, from the referral's page."""
    page.goto(f"/staff/referrals/{reference}")
    follow(page, verb)
    if clinic:
        page.locator(f'[name="clinic"][value="{clinic}"]').check()
    if code:
        page.get_by_role("combobox").select_option(code)
    page.get_by_role("textbox").fill(words)
    press_move(page)


def press_move(page: Page) -> None:
    """Press the button of the move's form that stands on the page."""
    page.locator("form:has(textarea) [type=submit]").click()
