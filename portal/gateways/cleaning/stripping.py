"""What acts in a PDF, taken out wherever it stands: what draws a page may hold anything beside what it is read for.

Names of keys say little, for whoever makes a PDF names its fonts and pictures; what a thing is shows in what it holds.
"""

from collections.abc import Iterable
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Stream

ACTIONS = {
    *("/GoTo", "/GoToR", "/GoToE", "/GoToDp", "/Launch", "/Thread", "/URI", "/Sound", "/Movie", "/Hide"),
    *("/Named", "/SubmitForm", "/ResetForm", "/ImportData", "/JavaScript", "/SetOCGState", "/Rendition"),
    *("/Trans", "/GoTo3DView", "/RichMediaExecute"),
}
"""Source: ISO 32000-2, table 201."""
GOING_TYPES = {"/Action", "/Filespec", "/EmbeddedFile", "/Metadata"}
FILES = {"/F", "/UF", "/DOS", "/Mac", "/Unix"}
"""Under which names a file specification holds the file itself."""
NOT_OF_STREAMS = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OPI", "/Ref", "/PtData", "/Measure"),
    # Where the content stands in another file, outside.
    *("/F", "/FFilter", "/FDecodeParms"),
)
OF_PAGES = {"/Type", "/Kids", "/Count", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate"}
OF_LAYER = {"/Type", "/Name", "/Intent", "/OCGs", "/P", "/VE"}
LAYER_TYPES = {"/OCG", "/OCMD"}


def keep(found: Object, kept: set[str]) -> None:
    """Leave nothing in a dictionary but what is listed."""
    for key in set(found.keys()) - kept:
        del found[key]


def strip(root: Object) -> None:
    """Strip all that a document leads to, each once: it may lead back."""
    waiting, seen = [root], set()
    while waiting:
        found = waiting.pop()
        if not found.is_indirect or found.objgen not in seen:
            seen.add(found.objgen)
            _strip_one(found)
            waiting.extend(part for _key, part in _parts(found))


def _strip_one(found: Object) -> None:
    if isinstance(found, Stream):
        keep(found, set(found.keys()).difference(NOT_OF_STREAMS))
    elif _is_named(found, "/Type", {"/Pages"}):
        keep(found, OF_PAGES)
    elif _is_named(found, "/Type", LAYER_TYPES):
        keep(found, OF_LAYER)
    for key, part in _parts(found):
        if _acts(part):
            del found[key]
        elif key == "/Properties":
            keep(part, {name for name, told in _parts(part) if _is_named(told, "/Type", LAYER_TYPES)})


def _acts(found: Object) -> bool:
    return (
        _is_named(found, "/S", ACTIONS)
        or _is_named(found, "/Type", GOING_TYPES)
        # A font may be named so as well, but it holds no files.
        or (isinstance(found, Dictionary) and _holds_file(found.get("/EF")))
    )


def _is_named(found: Object, key: str, names: set[str]) -> bool:
    named = found.get(key) if isinstance(found, Dictionary | Stream) else None
    return isinstance(named, Name) and str(named) in names


def _holds_file(found: Object | None) -> bool:
    return isinstance(found, Dictionary) and not FILES.isdisjoint(found.keys())


def _parts(found: Object) -> Iterable[tuple[Any, Object]]:
    """Return what holds further things in something, last first, so that one can be deleted after the other."""
    held = enumerate(found) if isinstance(found, Array) else found.items()
    return [(key, part) for key, part in held if isinstance(part, Array | Dictionary | Stream)][::-1]
