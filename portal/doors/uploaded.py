"""Files as a request brings them: each is cleaned and scanned before it is handed on, and a refused one stops no other."""

import time
from collections.abc import Callable, Iterable
from threading import Lock

from flask import request
from werkzeug.datastructures import FileStorage

from portal.domain import files
from portal.domain.errors import NotTaken
from portal.domain.files import FILES_MOST, Cleaned, FileState, NewFile, Refusal
from portal.doors import logs
from portal.doors.world import world
from portal.gateways.cleaning import clean
from portal.gateways.scanner import Away, scanner

LOG = logs.logger("files")
FIELD = "files"
SECONDS_AT_ONCE = 60
"""What one request may take, its waiting for the files of others among it."""
READING = Lock()
"""One file is read at a time: it takes a process of its own, and pages want the rest of the machine."""
HARMFUL = "The virus scanner found something harmful in this file, so it is not kept. Have the computer it comes from checked."
NO_TIME = "There was no time left to read this file. Add it again by itself."


def chosen() -> list[FileStorage]:
    """Return the files of this request; a browser sends an empty one where none was chosen."""
    return [sent for sent in request.files.getlist(FIELD) if sent.filename]


def gather() -> tuple[tuple[NewFile, ...], list[Refusal]]:
    """Return the files of this request that may be kept, and those that may not."""
    kept: list[NewFile] = []
    refused = keep_each(chosen(), kept.append)
    return tuple(kept), refused


def keep_each(sent: Iterable[FileStorage], keep: Callable[[NewFile], object]) -> list[Refusal]:
    """Hand each file on that can be kept, in their order, and return the others."""
    until = time.monotonic() + SECONDS_AT_ONCE
    refused: list[Refusal] = []
    for number, each in enumerate(sent):
        # More than this can never be kept, so the rest is not even read.
        is_full = number - len(refused) >= FILES_MOST
        why = files.FULL if is_full else _find_reason(each, keep, until)
        if why:
            refused.append(Refusal(title=files.shown(each.filename or ""), why=why))
    return refused


def _find_reason(sent: FileStorage, keep: Callable[[NewFile], object], until: float) -> str | None:
    if time.monotonic() > until:
        return NO_TIME
    try:
        keep(read(sent))
    except NotTaken as refused:
        return str(refused)
    return None


def read(sent: FileStorage) -> NewFile:
    """Return a file as it may be kept; raise NotTaken."""
    name = sent.filename or ""
    files.refuse_notes(name)
    content = sent.stream.read(files.FILE_MOST_BYTES + 1)
    with READING:
        cleaned = clean(content)
    return NewFile(title=files.title(name, cleaned.kind), cleaned=cleaned, state=_scanned(cleaned))


def _scanned(cleaned: Cleaned) -> FileState:
    scan = scanner(world().settings.scanner_url)
    if scan is None:
        return FileState.CLEAN
    try:
        if scan(cleaned.content):
            return FileState.CLEAN
    except Away as away:
        LOG.warning("a file waits for the scanner", reason=str(away))
        return FileState.QUARANTINED
    logs.security("refused", reason="a file that the scanner calls harmful")
    raise NotTaken(HARMFUL)
