"""On a phone the head of a form holds the name, what was saved and the way out, one beside the other."""

import pytest
from playwright.sync_api import Page

from tests.journeys.acts import begin
from tests.journeys.conftest import ONE_DATABASE, PHONE

pytestmark = ONE_DATABASE


@pytest.mark.parametrize("width", [320, PHONE["width"]])
def test_the_name_stands_clear_of_the_edges_beside_the_way_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": PHONE["height"]})
    begin(page)
    head, name = page.locator(".masthead").bounding_box(), page.locator(".brand").bounding_box()
    assert head
    assert name
    assert page.get_by_role("link", name="Finish later").is_visible()
    assert name["y"] >= head["y"] + 4
    assert name["y"] + name["height"] <= head["y"] + head["height"] - 4
