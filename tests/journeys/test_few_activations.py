"""A typical referral asks little of a hand: its clicks and selections are counted from the first page to the receipt."""

import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.build import SAFE, TYPED
from tests.journeys.acts import reference_of
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal
from tests.web.practice import STEPS

pytestmark = ONE_DATABASE

ACTIVATIONS_MOST, SCREENS_MOST = 18, 7


class Hand:
    """Types for nothing, and counts what it activates and the screens on which it presses a button."""

    def __init__(self, page: Page) -> None:
        self.page, self.activations, self.screens = page, 0, 0

    def answer(self, name: str, value: str) -> None:
        field = self.page.locator(f'[name="{name}"]')
        chosen = field.and_(self.page.locator(f'[value="{value}"]'))
        if field.first.get_attribute("type") not in {"radio", "checkbox"}:
            field.fill(value)
        elif not chosen.is_checked():
            chosen.check()
            self.activations += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.activations += 1
        self.screens += 1


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_typical_referral_takes_few_activations(portal: Portal, browser: Browser, script: bool) -> None:
    with browser.new_context(base_url=portal.url, java_script_enabled=script) as person:
        page = person.new_page()
        hand = Hand(page)
        page.goto("/refer")
        for name, value in SAFE.items():
            hand.answer(name, value)
        hand.press("Continue")
        for step, names in STEPS.items():
            page.wait_for_url(f"**/{step}")
            for name in names:
                hand.answer(name, TYPED[name])
            hand.press("Continue")
        page.wait_for_url("**/check")
        page.get_by_label("The patient agrees").check()
        hand.activations += 1
        hand.press("Send referral")
        reference_of(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Referral sent")
    sys.stdout.write(f"\n{hand.activations} activations, {hand.screens} screens\n")
    assert hand.activations <= ACTIVATIONS_MOST
    assert hand.screens <= SCREENS_MOST
