"""A member makes a passkey, signs in with it alone, and removes it; in a real browser with an authenticator of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.cli.seed import DEMO_PASSWORD
from tests.journeys.acts import follow, press
from tests.journeys.conftest import DESKTOP, ONE_DATABASE
from tests.journeys.portal import Portal

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    """A page of the portal under its name: at a number no browser makes a passkey."""
    with browser.new_context(base_url=f"http://localhost:{portal.port}", viewport=DESKTOP) as person:
        yield person.new_page()


@pytest.fixture
def count_held(page: Page) -> Callable[[], int]:
    """Give the page a device whose owner always agrees; counts the passkeys that it holds."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    return lambda: len(session.send("WebAuthn.getCredentials", made)["credentials"])


def come_in(portal: Portal, page: Page, name: str) -> None:
    """Sign a member in by password and code."""
    page.goto("/staff")
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    press(page, "Sign in")
    page.get_by_label("Code").fill(portal.flask("members", "code", name).strip())
    press(page, "Go on")
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def add_passkey(page: Page, name: str) -> None:
    follow(page, "your account")
    follow(page, "Add a passkey")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Name").press("Enter")


@ONE_DATABASE
def test_a_passkey_is_made_used_and_removed(
    portal: Portal, page: Page, count_held: Callable[[], int]
) -> None:
    come_in(portal, page, "fern")
    add_passkey(page, "Work phone")
    expect(page.get_by_role("main")).to_contain_text("The passkey is made.")
    expect(page.get_by_role("main")).to_contain_text("Work phone")
    assert count_held() == 1

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/staff/queue?tier=urgent")
    follow(page, "Sign in with a passkey")
    press(page, "Use your passkey")
    expect(page).to_have_url(f"http://localhost:{portal.port}/staff/queue?tier=urgent")

    page.goto("/staff/account")
    press(page, "Remove Work phone")
    expect(page.get_by_role("main")).to_contain_text("The passkey is removed.")


@ONE_DATABASE
def test_a_device_that_is_told_no_changes_nothing(
    portal: Portal, page: Page, count_held: Callable[[], int]
) -> None:
    page.goto("/staff/passkey")
    press(page, "Use your passkey")
    expect(page.get_by_text("Nothing was confirmed on your device.")).to_be_visible()
    expect(page.get_by_role("button", name="Use your passkey")).to_be_enabled()


@ONE_DATABASE
def test_a_name_that_cannot_be_used_is_said_before_the_device_is_asked(
    portal: Portal, page: Page, count_held: Callable[[], int]
) -> None:
    come_in(portal, page, "dahlia")
    add_passkey(page, " ")
    expect(page.get_by_role("alert")).to_contain_text("Enter an answer")
    assert count_held() == 0


@ONE_DATABASE
def test_without_the_script_the_page_says_what_is_missing(portal: Portal, browser: Browser) -> None:
    with browser.new_context(base_url=f"http://localhost:{portal.port}", java_script_enabled=False) as person:
        page = person.new_page()
        page.goto("/staff/passkey")
        expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
        expect(page.get_by_role("link", name="Sign in with your password and a code")).to_be_visible()
