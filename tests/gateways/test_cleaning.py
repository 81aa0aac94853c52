"""What is left of a file that a stranger sent; whatever it holds, the answer is a clean file or a sentence."""

import subprocess
import sys
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Encryption, Pdf
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from portal.config import ROOT
from portal.domain.errors import NotTaken
from portal.domain.files import FILE_MOST_BYTES, FileKind
from portal.gateways import cleaning
from portal.gateways.cleaning import GAVE_UP, clean
from tests import papers
from tests.papers import PLANTED

LARGE = papers.encoded(Image.new("1", (10_000, 10_000)), "PNG")
REFUSED = {
    "nothing": (b"", "empty"),
    "a zip": (b"PK\x03\x04" + bytes(500), "Save it as a PDF"),
    "an older Word file": (b"\xd0\xcf\x11\xe0" + bytes(500), "Save it as a PDF"),
    "a page": (b"<!doctype html><script>x</script>", "no PDF, JPEG, PNG or TIFF"),
    "a picture of a newer phone": (b"\0\0\0\x18ftypheic" + bytes(500), "share it as JPEG"),
    "a PDF behind something else": (b"GIF89a" + papers.pdf(), "no PDF, JPEG, PNG or TIFF"),
    "a PDF with a password": (papers.pdf(encryption=Encryption(user="x", owner="y")), "has a password"),
    "a PDF that is locked": (papers.pdf(encryption=Encryption(owner="y")), "protected against changes"),
    "half a PDF": (papers.pdf(9)[:-300], "PDF is broken"),
    "a PDF of nothing but its head": (b"%PDF-1.7\nPK\x03\x04", "PDF is broken"),
    "a PDF without pages": (papers.pdf(0), "has no pages"),
    "half a TIFF": (papers.fax()[:-900], "picture is broken"),
    "half a JPEG": (papers.jpeg()[:-300], "picture is broken"),
    "half a PNG": (papers.png()[:-60], "picture is broken"),
    "a picture of 100 megapixels": (LARGE, "has 100 megapixels, and 40 is the most"),
    "16 MB": (bytes(FILE_MOST_BYTES + 1), "larger than 15 MB"),
}  # fmt: skip


@pytest.mark.parametrize("sent", REFUSED)
def test_what_cannot_be_used_is_refused_with_a_sentence(sent: str) -> None:
    content, said = REFUSED[sent]
    with pytest.raises(NotTaken, match=said):
        clean(content)


@pytest.mark.parametrize("sent", [papers.armed(), papers.armed_within()], ids=["openly", "within"])
def test_nothing_that_acts_leads_away_or_tells_of_its_writer_is_left_of_a_pdf(sent: bytes) -> None:
    assert papers.unpacked(sent).count(PLANTED) >= 9
    kept = clean(sent)
    assert (kept.kind, kept.pages) == (FileKind.PDF, 1)
    plain = papers.unpacked(kept.content)
    assert PLANTED not in plain
    for name in (
        b"JavaScript",
        b"OpenAction",
        b"/AA",
        b"/URI",
        b"Launch",
        b"EmbeddedFile",
        b"XFA",
        b"RichMedia",
        b"Filespec",
    ):
        assert name not in plain, name


def test_a_hidden_layer_stays_hidden_and_its_writer_unnamed() -> None:
    sent = papers.layered()
    assert PLANTED in papers.unpacked(sent)
    kept = clean(sent).content
    assert PLANTED not in papers.unpacked(kept)
    with Pdf.open(BytesIO(kept)) as found:
        resources, layers = found.pages[0].Resources, found.Root.OCProperties
        assert resources.Properties.Hidden.objgen == layers.OCGs[0].objgen == layers.D.OFF[0].objgen
        assert set(resources.Font.keys()) == {"/EF", "/S"}


def test_what_is_printed_on_a_page_stays() -> None:
    kept = clean(papers.pdf(3, said=b"Two adequate trials"))
    assert kept.pages == 3
    assert b"Two adequate trials" in papers.unpacked(kept.content)


def test_what_somebody_filled_into_a_form_is_drawn_on_the_page() -> None:
    plain = papers.unpacked(clean(papers.filled_form()).content)
    assert b"Two trials" in plain
    assert b"AcroForm" not in plain
    assert b"Widget" not in plain


def test_a_pdf_that_calls_itself_psychotherapy_notes_is_refused() -> None:
    with Pdf.open(BytesIO(papers.pdf())) as made:
        made.docinfo["/Title"] = pikepdf.String("Psychotherapy notes, session 4")
        sent = papers.saved(made)
    with pytest.raises(NotTaken, match="stay with the therapist"):
        clean(sent)


def test_a_photo_stands_upright_and_tells_nothing_but_its_points() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, PLANTED.decode()
    sent = papers.encoded(papers.picture(60, 40), "JPEG", exif=exif, comment=PLANTED) + b"<script>" + PLANTED
    kept = clean(sent)
    assert kept.kind is FileKind.JPEG
    assert PLANTED not in kept.content
    image = Image.open(BytesIO(kept.content))
    assert (image.size, dict(image.getexif())) == ((40, 60), {})
    # Turned to the right, the blue corner is at the upper right.
    assert image.getpixel((35, 5))[2] > 150  # type: ignore[index]


def test_a_picture_of_points_keeps_each_of_them() -> None:
    told = PngInfo()
    told.add_text("Comment", PLANTED.decode())
    kept = clean(papers.encoded(papers.picture(), "PNG", pnginfo=told) + PLANTED)
    assert kept.kind is FileKind.PNG
    assert PLANTED not in kept.content
    image = Image.open(BytesIO(kept.content))
    assert ImageChops.difference(image, papers.picture()).getbbox() is None


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_pictures_of_every_depth_are_taken(mode: str) -> None:
    image = papers.picture().convert("L").convert(mode)
    assert clean(papers.encoded(image, "PNG")).kind is FileKind.PNG
    assert clean(papers.encoded(image, "TIFF")).kind is FileKind.PDF


def test_a_picture_for_print_becomes_one_for_the_screen() -> None:
    kept = clean(papers.encoded(papers.picture().convert("CMYK"), "JPEG"))
    assert Image.open(BytesIO(kept.content)).mode == "RGB"


def test_a_fax_of_three_pages_becomes_a_pdf_of_their_shape() -> None:
    kept = clean(papers.fax(3))
    assert (kept.kind, kept.pages) == (FileKind.PDF, 3)
    with Pdf.open(BytesIO(kept.content)) as found:
        across, down = (float(side) for side in found.pages[0].MediaBox[2:])
        # 1728 points at 204 an inch, 1100 at 98.
        assert (round(across), round(down)) == (610, 808)
    plain = papers.unpacked(kept.content)
    assert plain.count(b"CCITTFaxDecode") == 3
    assert b"Producer" not in plain


def run(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(cleaning, "COMMAND", (sys.executable, "-c", program))


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import time; time.sleep(60)",
        "while True: print('x' * 65536)",
        "print('{\"kind\": \"pdf\", \"pages\": 1, \"size_bytes\": 9}')",
    ],
)  # fmt: skip
def test_a_child_that_breaks_hangs_or_never_ends_its_answer_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    run(monkeypatch, program)
    monkeypatch.setattr(cleaning, "WAIT_SECONDS", 0.5)
    with pytest.raises(NotTaken) as refused:
        clean(papers.pdf())
    assert str(refused.value) == GAVE_UP


def test_the_child_holds_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS", "planted")
    run(monkeypatch, "import os, json; print(json.dumps({'refused': str(dict(os.environ))}))")
    with pytest.raises(NotTaken) as refused:
        clean(papers.pdf())
    assert "planted" not in str(refused.value)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        ("open('/etc/hostname')", "Too many open files"),
        ("import socket; socket.socket()", "Too many open files"),
        ("bytearray(2 * 1024**3)", "MemoryError"),
    ],
)
def test_the_child_opens_nothing_and_takes_no_more_than_it_may(act: str, error: str) -> None:
    program = f"import socket\nfrom portal.gateways.cleaning import child\nchild._bound()\n{act}"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert error in done.stderr
