"""What a file is called when it is kept, and what is not taken whatever it holds."""

import pytest

from portal.domain.errors import NotTaken
from portal.domain.files import (
    ALL_MOST_BYTES,
    FILE_MOST_BYTES,
    FILES_MOST,
    TITLE_MOST_CHARS,
    Cleaned,
    FileKind,
    Held,
    refuse_beyond,
    refuse_notes,
    refuse_size,
    title,
)


@pytest.mark.parametrize(
    ("sent_as", "kept"),
    [
        ("Letter.pdf", "Letter.pdf"),
        ("Letter 3.5.26", "Letter 3.5.26.pdf"),
        ("report.v2.final.PDF", "report.v2.final.pdf"),
        ("fax.TIFF", "fax.pdf"),
        ("../../x", "x.pdf"),
        ("..\\..\\x.exe", "x.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("a\x00b\r\nSet-Cookie: c.pdf", "a b Set-Cookie: c.pdf"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", "fdp.pdf"),
        ("\udcff\ud800.pdf", "file.pdf"),
        ("Brief an Dr. Äußerst.pdf", "Brief an Dr. Äußerst.pdf"),
    ],
)
def test_a_name_is_kept_as_a_name_and_ends_as_what_it_is(sent_as: str, kept: str) -> None:
    assert title(sent_as, FileKind.PDF) == kept


def test_a_long_name_is_cut_before_its_ending() -> None:
    kept = title("x" * 5000 + ".png", FileKind.JPEG)
    assert len(kept) == TITLE_MOST_CHARS
    assert kept.endswith("x.jpg")


@pytest.mark.parametrize(
    "said",
    [
        "Psychotherapy notes.pdf",
        "PSYCHOTHERAPY_NOTES_2026.pdf",
        "psychotherapist's notes",
        "Psychotherapy process note 4",
        "psycho-therapy session notes",
        "\N{FULLWIDTH LATIN SMALL LETTER P}sychotherapy notes",
    ],
)
def test_psychotherapy_notes_are_refused_with_the_reason(said: str) -> None:
    with pytest.raises(NotTaken, match="stay with the therapist"):
        refuse_notes("Letter.pdf", said)


@pytest.mark.parametrize("said", ["Psychotherapy summary.pdf", "Nurse's notes.pdf", "Notes on therapy", ""])
def test_other_notes_are_taken(said: str) -> None:
    refuse_notes(said)


def test_a_file_may_have_15_mb_and_not_one_byte_more() -> None:
    refuse_size(FILE_MOST_BYTES)
    for size in (0, FILE_MOST_BYTES + 1):
        with pytest.raises(NotTaken):
            refuse_size(size)


def test_all_may_have_50_mb_and_twenty_files_and_no_more() -> None:
    new = Cleaned(kind=FileKind.PDF, content=b"xx")
    refuse_beyond(Held(count=FILES_MOST - 1, size_bytes=ALL_MOST_BYTES - 2), new)
    with pytest.raises(NotTaken, match="20 files"):
        refuse_beyond(Held(count=FILES_MOST, size_bytes=0), new)
    with pytest.raises(NotTaken, match="50 MB"):
        refuse_beyond(Held(count=0, size_bytes=ALL_MOST_BYTES - 1), new)
