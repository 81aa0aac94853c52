"""The process in which one file is read: bounded before it sees a byte, and ended after its one answer.

It answers a line of JSON, and behind it the cleaned file; what is too much for it ends it without an answer.
"""

import json
import os
import resource
import sys

from portal.domain.errors import NotTaken
from portal.domain.files import Cleaned
from portal.gateways.cleaning import pdfs, pictures

MEMORY_MOST_BYTES = 1024**3
SECONDS_MOST = 10
NICENESS = 10
"""People who wait for a page go first."""
OTHERS = (
    (b"PK\x03\x04", "This is a Word file or an archive. Save it as a PDF, and add that."),
    (b"\xd0\xcf\x11\xe0", "This is an older Word file. Save it as a PDF, and add that."),
    (b"{\\rtf", "This is a text document. Save it as a PDF, and add that."),
)
NOT_KNOWN = "This is no PDF, JPEG, PNG or TIFF. Save it as one of these, and add that."
HEIC = "This is a HEIC picture, as newer phones make them. Save or share it as JPEG, and add that."


def main() -> None:
    """Clean what comes on standard input."""
    os.nice(NICENESS)
    _bound()
    sent = sys.stdin.buffer.read()
    try:
        cleaned = _clean(sent)
    except NotTaken as refused:
        _answer({"refused": str(refused)})
    else:
        size = len(cleaned.content)
        _answer({"kind": cleaned.kind, "pages": cleaned.pages, "size_bytes": size}, cleaned.content)


def _bound() -> None:
    # What is needed was imported above: from here on nothing is opened, written or started.
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MOST_BYTES),
        (resource.RLIMIT_CPU, SECONDS_MOST),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _clean(sent: bytes) -> Cleaned:
    if sent.startswith(pdfs.HEAD):
        return pdfs.clean(sent)
    for head, clean in pictures.CLEANED.items():
        if sent.startswith(head):
            return clean(sent)
    if sent[4:8] == b"ftyp":
        raise NotTaken(HEIC)
    raise NotTaken(next((said for head, said in OTHERS if sent.startswith(head)), NOT_KNOWN))


def _answer(told: dict[str, object], content: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
