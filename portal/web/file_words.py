"""Files in words: what each is, how large, and whether it can be opened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from portal.domain.files import MEBIBYTE, FileState
from portal.queries.files import Kept
from portal.web.words import NBSP

KIBIBYTE = 1024
STATES = {
    FileState.CLEAN: "",
    FileState.QUARANTINED: "Being checked for viruses. It is kept, and can be opened once it has passed.",
    FileState.REMOVED: "Removed: the virus scanner found something harmful in it. It has to come another way.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One file as `parts/files.html` lists it; an address is empty where there is nothing to do."""

    title: str
    kind: str
    state: str
    open_url: str
    remove_url: str = ""


def line(kept: Kept, *, open_url: str, remove_url: str = "") -> Line:
    """Return a file in words; it can be opened only when it is clean."""
    return Line(
        title=kept.title,
        kind=f"{kept.kind.upper()}, {size(kept.size_bytes)}",
        state=STATES[kept.state],
        open_url=open_url if kept.may_be_opened else "",
        remove_url=remove_url,
    )


def unnamed(kept: Kept) -> Line:
    """Return a file for whoever may not know who the patient is: its name may say so."""
    return replace(line(kept, open_url=""), title="A file")


def by_event(kept: Iterable[Kept], say: Callable[[Kept], Line]) -> dict[int, list[Line]]:
    """Return the lines of files by the event that brought them."""
    found: dict[int, list[Line]] = {}
    for each in kept:
        if each.event_id is not None:
            found.setdefault(each.event_id, []).append(say(each))
    return found


def size(size_bytes: int) -> str:
    """Return "1.2 MB", "340 kB" or "1 kB"."""
    if size_bytes >= MEBIBYTE:
        return f"{size_bytes / MEBIBYTE:.1f}{NBSP}MB"
    return f"{max(1, round(size_bytes / KIBIBYTE))}{NBSP}kB"
