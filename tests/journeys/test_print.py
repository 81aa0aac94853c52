"""What is made for paper fills sheets as it should, of either size, and stays readable when the sheets part."""

import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import ANCHORAGE, FAIRBANKS
from tests.journeys.acts import fill_all, press, refer
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

LONG = {
    "name": "Aster Birch Cedar Dahlia Sampleton-Mockingham, MD, PhD, FAAFP",
    "practice": "Example Community Health Center of the Upper Kuskokwim and Lower Yukon, Behavioral Health",
    "email": "referrals.of.the.behavioral.health.department@health-center.example.com",
}
NUMBER, HEAD = len("Page 1 of 5") * 2, len("Referral 6QY4-C5M2. Confidential") * 2
"""How many bytes of a page say which page it is, and how many then say whose paper it is."""
usual_and_long = pytest.mark.parametrize("typed", [{}, LONG], ids=["usual", "long"])
either_size = pytest.mark.parametrize("paper", ["Letter", "A4"])


def sheets(pdf: bytes) -> int:
    """Count the pages of a PDF as Chromium writes it."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def text_drawn(pdf: bytes) -> list[bytes]:
    """Return what each page writes, in order: two bytes a sign, as the numbers of the font's glyphs."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return [
            b"".join(
                bytes(piece)
                for drawn in pikepdf.parse_content_stream(page)
                if str(drawn.operator) in {"Tj", "TJ"}
                for piece in _pieces(drawn.operands[0])
                if isinstance(piece, pikepdf.String)
            )
            for page in document.pages
        ]


def _pieces(shown: Any) -> Iterable[Any]:
    """Return the texts of one operator, which shows one, or several with gaps between them."""
    return [shown] if isinstance(shown, pikepdf.String) else shown


@either_size
@usual_and_long
def test_a_receipt_is_one_sheet(portal: Portal, page: Page, paper: str, typed: dict[str, str]) -> None:
    refer(page, **typed)
    assert sheets(page.pdf(format=paper)) == 1


@either_size
def test_the_crisis_page_is_one_sheet_and_shows_no_focus(portal: Portal, page: Page, paper: str) -> None:
    fill_all(page)
    page.goto(f"{page.url.rpartition('/')[0]}/safety")
    page.get_by_role("group", name="Is anyone in immediate danger now?").get_by_label("Yes").check()
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("button", name="Print or save")).to_be_visible()
    assert sheets(page.pdf(format=paper, scale=1.1)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_have_css("outline-style", "none")
    expect(page.get_by_text("I chose that answer by mistake")).to_be_hidden()


@either_size
@usual_and_long
def test_a_summary_and_a_travel_sheet_are_one_sheet_each(
    portal: Portal, page: Page, paper: str, typed: dict[str, str]
) -> None:
    reference = refer(page, **typed)
    for name in ("summary", "travel"):
        page.goto(f"/r/{reference}/{name}")
        pdf = page.pdf(format=paper)
        assert sheets(pdf) == 1, name
        assert len(text_drawn(pdf)[0]) > HEAD, "an empty page is one sheet too"


def test_a_long_summary_goes_on_with_its_reference_on_every_page(portal: Portal, page: Page) -> None:
    reference = refer(page, reason="\n".join(f"Line {number} of the reason." for number in range(150)))
    page.goto(f"/r/{reference}/summary")
    pages = text_drawn(page.pdf(format="Letter"))
    head = pages[0][NUMBER : NUMBER + HEAD]
    assert len(pages) > 2
    assert len(head) == HEAD
    assert [written[NUMBER : NUMBER + HEAD] for written in pages] == [head] * len(pages)
    assert len({written[:NUMBER] for written in pages}) == len(pages), "each says which page it is"


@either_size
@pytest.mark.parametrize("slug", [ANCHORAGE, FAIRBANKS])
def test_a_patients_sheet_is_one_sheet(portal: Portal, page: Page, paper: str, slug: str) -> None:
    page.goto(f"/clinics/{slug}/ask")
    assert sheets(page.pdf(format=paper)) == 1


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_words_beside_the_code_have_room(portal: Portal, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/clinics/{ANCHORAGE}/ask")
    box = page.locator(".scan p").bounding_box()
    assert box
    assert box["width"] >= 200


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_code_is_read_from_paper_and_from_a_dark_screen(
    portal: Portal, page: Page, color_scheme: str
) -> None:
    page.goto(f"/clinics/{FAIRBANKS}/ask")
    if color_scheme == "light":
        page.emulate_media(media="print")
    else:
        page.emulate_media(color_scheme="dark")
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot(full_page=True))))
    page.goto(found.text)
    assert page.url == f"{portal.url}/refer?clinic={FAIRBANKS}"
