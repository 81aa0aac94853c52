"""What may be attached to a referral, and how much of it."""

from enum import StrEnum

MEBIBYTE = 1024 * 1024
FILE_MOST_BYTES = 15 * MEBIBYTE
ALL_MOST_BYTES = 50 * MEBIBYTE
FILES_MOST = 20


class FileKind(StrEnum):
    """What a kept file is; a TIFF is kept as a PDF."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


class FileState(StrEnum):
    """Whether a file may be opened."""

    CLEAN = "clean"
    """Parsed, cleaned and, where a scanner is set up, scanned."""
    QUARANTINED = "quarantined"
    """The scanner has not passed it; nobody opens it until it does."""
