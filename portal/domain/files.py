"""What may be attached to a referral, how much of it, and under which name; what is not taken is told in a sentence."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import NotTaken

MEBIBYTE = 1024 * 1024
FILE_MOST_BYTES = 15 * MEBIBYTE
ALL_MOST_BYTES = 50 * MEBIBYTE
FILES_MOST = 20
FULL = f"There are {FILES_MOST} files already, and that is the most. Remove one to add this one."
TITLE_MOST_CHARS = 100
LIMITS = "PDF, JPEG, PNG or TIFF. Up to 15 MB each, 50 MB and 20 files together."

NOTES = (
    "Psychotherapy notes stay with the therapist: they may not be sent with a referral. "
    "Send a summary of the diagnosis, the treatment and how it went."
)
"""Source: 45 CFR 164.501 and 164.508(a)(2), which protect them more than the rest of a record."""
_NOTES = re.compile(r"psycho\W*therap(?:y|eutic|ist)(?:\W|s\b)*(?:(?:process|progress|session)\W*)?notes?\b")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_SPACES = re.compile(r"\s+")


class FileKind(StrEnum):
    """What a kept file is; a TIFF is kept as a PDF."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return ".jpg" if self is FileKind.JPEG else f".{self}"

    @property
    def mime_type(self) -> str:
        """What a browser is told that it is."""
        return "application/pdf" if self is FileKind.PDF else f"image/{self}"


class FileState(StrEnum):
    """Whether a file may be opened."""

    CLEAN = "clean"
    """Parsed, cleaned and, where a scanner is set up, scanned."""
    QUARANTINED = "quarantined"
    """The scanner has not passed it; nobody opens it until it does."""
    REMOVED = "removed"
    """The scanner found something harmful later: its content is gone, and its name says that it was there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """What is left of a file that was sent, after all that could act was taken out and it was written anew."""

    kind: FileKind
    content: bytes
    pages: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFile:
    """A file that is to be kept."""

    title: str
    cleaned: Cleaned
    state: FileState


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A file that was not kept, by the name that it was sent under, and why."""

    title: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """How much there is already."""

    count: int
    size_bytes: int


def title(sent_as: str, kind: FileKind) -> str:
    """Return the name to keep for a file: no folders, nothing unseen, not too long, ending as what it is."""
    stem = _ENDING.sub("", _plain(sent_as).rstrip(" .")).strip(" .")
    return (stem[: TITLE_MOST_CHARS - len(kind.ending)].rstrip(" .") or "file") + kind.ending


def shown(sent_as: str) -> str:
    """Return the name that a file was sent under as it may be shown: no folders, nothing unseen, not too long."""
    return _plain(sent_as)[:TITLE_MOST_CHARS]


def _plain(sent_as: str) -> str:
    name = unicodedata.normalize("NFC", sent_as).replace("\\", "/").rpartition("/")[2]
    # Control and format characters could turn the reading direction or end a header.
    seen = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in name)
    return _SPACES.sub(" ", seen).strip()


def refuse_notes(*said: str) -> None:
    """Raise NotTaken for what calls itself psychotherapy notes, in its name or in what it tells of itself."""
    for text in said:
        plain = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
        if _NOTES.search(plain):
            raise NotTaken(NOTES)


def refuse_size(size_bytes: int) -> None:
    """Raise NotTaken for a file that is empty or too large, as it was sent."""
    if size_bytes == 0:
        raise NotTaken("This file is empty. Check it, and add it again.")
    if size_bytes > FILE_MOST_BYTES:
        raise NotTaken(
            "This file is larger than 15 MB. Scan it in black and white, or split it into parts, and add those."
        )


def refuse_beyond(held: Held, new: Cleaned) -> None:
    """Raise NotTaken when a file does not fit beside those that are there."""
    if held.count >= FILES_MOST:
        raise NotTaken(FULL)
    if held.size_bytes + len(new.content) > ALL_MOST_BYTES:
        raise NotTaken("With this file it would be more than 50 MB together. Remove one to add this one.")
