"""On a wide page what is to be pressed is reached beside long answers, and names stand apart."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.acts import answer_step, begin, fill_all
from tests.journeys.conftest import ONE_DATABASE

pytestmark = ONE_DATABASE
LONG = "\n".join(f"Line {number} of the reason." for number in range(90))


def test_the_button_that_sends_comes_with_the_page_while_long_answers_are_read(page: Page) -> None:
    fill_all(page, reason=LONG)
    page.mouse.move(300, 400)
    page.mouse.wheel(0, 600)
    expect(page.get_by_role("button", name="Send referral")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1200, 1280])
def test_the_name_of_a_step_stands_apart_from_the_next(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    begin(page)
    for step in ("patient", "reason", "tried"):
        answer_step(page, step)
    expect(page.locator("[aria-current=step]")).to_contain_text("Safety checklist")
    gap = page.locator("[aria-current=step] .step-name").evaluate(
        "one => { const words = document.createRange(); words.selectNodeContents(one); const next = one.parentElement"
        ".nextElementSibling; return next.getBoundingClientRect().left - words.getBoundingClientRect().right; }"
    )
    assert gap >= 12
