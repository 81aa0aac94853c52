"""A street address that somebody typed does not stay in the address bar."""

import pytest
from playwright.sync_api import Page, expect

STREET = "4711 Sampleton Avenue"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"{STREET}, Fairbanks, AK 99701", "/clinics?near=99701&shortened=1"),
        (f"{STREET}, Qqqqqq 00001", "/clinics"),
    ],
)
def test_a_street_leaves_the_address_bar(page: Page, typed: str, kept: str) -> None:
    page.goto("/")
    page.get_by_label("Near which place?").fill(typed)
    page.get_by_role("button", name="Find clinics").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function("kept => location.pathname + location.search === kept", arg=kept)
    if kept == "/clinics":
        assert page.get_by_label("Near which place?").input_value() == typed
