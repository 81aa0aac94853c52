"""A receipt goes into the chart as one sheet of paper, of either size."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.acts import refer
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal

pytestmark = ONE_DATABASE

LONG = {
    "name": "Aster Birch Cedar Dahlia Sampleton-Mockingham, MD, PhD, FAAFP",
    "practice": "Example Community Health Center of the Upper Kuskokwim and Lower Yukon, Behavioral Health",
    "email": "referrals.of.the.behavioral.health.department@health-center.example.com",
}


def sheets(pdf: bytes) -> int:
    """Count the pages of a PDF as Chromium writes it."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("paper", ["Letter", "A4"])
@pytest.mark.parametrize("typed", [{}, LONG], ids=["usual", "long"])
def test_a_receipt_is_one_sheet(portal: Portal, page: Page, paper: str, typed: dict[str, str]) -> None:
    refer(page, **typed)
    assert sheets(page.pdf(format=paper)) == 1
