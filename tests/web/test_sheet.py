"""The sheet that a patient takes to a doctor: about a clinic and nobody, with a short way to the form on it."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from portal.actions.clinics import import_listings
from portal.db import db
from portal.domain.listings import Listing
from portal.queries import directory
from portal.web import qr
from tests import html, reading_ease
from tests.cast import ANCHORAGE, FAIRBANKS

# What the pages read is shown on both by the tests of the queries; this is about their words.
pytestmark = pytest.mark.one_database("sqlite")

SVG = "{http://www.w3.org/2000/svg}"
SITE = "http://127.0.0.1:8000"
CLOSED = "daydream-md-san-diego"
BAR = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")
GRADE_MOST = 8


def show(client: FlaskClient, slug: str = FAIRBANKS) -> Any:
    return html.page(client.get(f"/clinics/{slug}/ask"))


def change(slug: str = FAIRBANKS, **facts: Any) -> None:
    known = directory.current(db.session()).find(slug)
    assert isinstance(known, Listing)
    import_listings([replace(known, **facts)])


def short(slug: str) -> str:
    return f"/c/{directory.get_number(db.session(), slug)}"


def drawn(size: int, path: str) -> Image.Image:
    """Draw a code as a printer does: its path in black, in the middle of a grey page."""
    scale = 4
    image = Image.new("L", ((size + 20) * scale,) * 2, 90)
    pen = ImageDraw.Draw(image)
    edge = 10 * scale
    pen.rectangle((edge, edge, edge + size * scale - 1, edge + size * scale - 1), fill=255)
    for bar in BAR.finditer(path):
        x, y, width, _back = (int(part) * scale for part in bar.groups())
        pen.rectangle((edge + x, edge + y, edge + x + width - 1, edge + y + scale - 1), fill=0)
    return image


def scanned(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("slug", [ANCHORAGE, FAIRBANKS])
def test_the_code_on_the_sheet_opens_the_form_with_the_clinic_chosen(client: FlaskClient, slug: str) -> None:
    tree = show(client, slug)
    drawing = tree.find(f".//{SVG}svg[@class='qr']")
    size = int(drawing.get("viewBox").split()[2])
    (read,) = scanned(drawn(size, drawing.find(f"{SVG}path").get("d")))
    assert read == f"{SITE}{short(slug)}"
    answer = client.get(read.removeprefix(SITE))
    assert (answer.status_code, answer.location) == (303, f"/refer?clinic={slug}")
    field = html.page(client.get(answer.location)).find(".//input[@name='clinic']")
    assert field.get("value") == slug


def test_the_code_is_read_after_a_fold_and_a_stain() -> None:
    code = qr.code("https://portal.example.org/c/2")
    image = drawn(code.size, code.path)
    pen = ImageDraw.Draw(image)
    middle = image.width // 2
    pen.line((middle, 0, middle, image.height), fill=160, width=3)
    pen.ellipse((middle + 12, middle + 12, middle + 30, middle + 30), fill=0)
    small = BytesIO()
    image.save(small, "JPEG", quality=40)
    assert scanned(Image.open(small)) == ["https://portal.example.org/c/2"]


def test_the_link_stands_beside_the_code_to_be_typed(client: FlaskClient) -> None:
    link = show(client).find(".//p[@class='typed']/a")
    assert html.words(link) == f"127.0.0.1:8000{short(FAIRBANKS)}"
    assert link.get("href") == f"{SITE}{short(FAIRBANKS)}"


def test_the_number_of_a_clinic_stays_when_its_facts_change(client: FlaskClient, app: Flask) -> None:
    before = short(FAIRBANKS)
    change(name="Another name", street="2 Example Street")
    assert short(FAIRBANKS) == before


def test_a_clinic_that_closed_says_so_and_offers_the_form_without_it(client: FlaskClient, app: Flask) -> None:
    path = short(ANCHORAGE)
    change(ANCHORAGE, accepting=False)
    answer = client.get(path)
    tree = html.page(answer)
    assert answer.status_code == 404
    assert html.words(tree.find(".//h1")) == "Ketwell Alaska, Anchorage takes no referrals here now"
    assert tree.find(".//main//a[@href='/refer']") is not None


def test_a_number_of_no_clinic_says_so_and_offers_the_form(client: FlaskClient) -> None:
    for number in (0, 999, 2**31 - 1):
        answer = client.get(f"/c/{number}")
        tree = html.page(answer)
        assert answer.status_code == 404
        assert html.words(tree.find(".//h1")) == "No clinic has this link"
        assert tree.find(".//main//a[@href='/refer']") is not None


@pytest.mark.parametrize("path", ["/c/", "/c/x", "/c/-1", f"/c/{2**31}", f"/c/{'9' * 500}", "/clinics/x/ask"])
def test_what_is_no_number_and_no_clinic_is_a_page_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    html.page(answer)


def test_a_clinic_that_takes_no_referrals_has_no_sheet(client: FlaskClient) -> None:
    assert client.get(f"/clinics/{CLOSED}/ask").location == f"/clinics/{CLOSED}"
    assert "/ask" not in client.get(f"/clinics/{CLOSED}").text


def test_the_clinics_page_and_the_results_lead_to_the_sheet(client: FlaskClient) -> None:
    for page in (f"/clinics/{FAIRBANKS}", "/clinics?near=99701"):
        tree = html.page(client.get(page))
        assert tree.find(f".//a[@href='/clinics/{FAIRBANKS}/ask']") is not None, page


def test_what_nobody_confirmed_is_said(client: FlaskClient, app: Flask) -> None:
    assert "Phone: not yet confirmed by the clinic" in html.words(show(client))
    change(phone="+19075550142", hours="Monday to Thursday, 8 am to 5 pm", street=None)
    said = html.words(show(client))
    assert "Phone: 907-555-0142 Hours: Monday to Thursday, 8 am to 5 pm" in said
    assert "Street: not yet confirmed by the clinic" in said


def test_it_says_whom_to_call_and_that_nobody_reads_it_at_once(client: FlaskClient) -> None:
    said = html.words(show(client).find(".//article"))
    for words in ("Call 911", "Call or text 988", "877-266-4357", "Nobody reads this page"):
        assert words in said
    assert "The FDA has not approved IV ketamine for depression" in said


def test_it_is_read_by_somebody_who_left_school_after_eight_years(client: FlaskClient) -> None:
    article = show(client).find(".//article")
    prose = [html.words(each) for kind in ("p", "li") for each in article.iter(kind)]
    assert reading_ease.grade(said for said in prose if said.endswith((".", "?"))) <= GRADE_MOST


def test_it_may_be_kept_by_caches_and_starts_no_session(client: FlaskClient) -> None:
    for path in (f"/clinics/{FAIRBANKS}/ask", short(FAIRBANKS)):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers.get("Cache-Control") != "no-store"
