"""What somebody asks of the directory, read from an address; anything else than the form offers counts for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.domain.vocabulary import OfferingCode

FEWEST, MOST = 20, 500
ACCEPTING: Mapping[str, bool] = {"yes": True, "no": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One question to the directory."""

    near: str
    """As typed; empty asks for all clinics."""
    among: tuple[str, ...]
    """Keys of places to choose from, where a street address was typed that fits several towns."""
    offering: OfferingCode | None
    accepting: bool | None
    show: int
    shortened: bool
    """True when the place is only what was kept of something more exact."""

    def filters(self) -> dict[str, Any]:
        """Return the filters as an address holds them."""
        accepting = next((word for word, value in ACCEPTING.items() if value is self.accepting), "")
        named = {"offering": self.offering or "", "accepting": accepting}
        return {name: value for name, value in named.items() if value}


def read(args: MultiDict[str, str]) -> Search:
    """Read the arguments of an address; raises nothing."""
    return Search(
        near=_visible(args.get("near", "")),
        among=tuple(args.getlist("among")[:10]),
        offering=args.get("offering", type=OfferingCode),
        accepting=ACCEPTING.get(args.get("accepting", "")),
        show=min(max(args.get("show", FEWEST, type=int), FEWEST), MOST),
        shortened=args.get("shortened") == "1",
    )


def _visible(typed: str) -> str:
    # What cannot be seen in the box cannot be mended there, and some of it may not stand in a page.
    return " ".join("".join(char if char.isprintable() else " " for char in typed).split())
