"""A QR code as one path of an inline SVG, so that it prints sharp and needs no picture to be fetched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET_MODULES = 4
"""The white edge that a scanner needs on every side. Source: ISO/IEC 18004."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """A code on a grid of `size` by `size` modules, with its quiet zone; `path` draws the dark ones."""

    size: int
    path: str


def code(text: str) -> Code:
    """Return the code of a text; a quarter of it may be lost to folds and a copier, and it is read all the same."""
    drawn = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_MODULES)
    drawn.add_data(text)
    matrix = drawn.get_matrix()
    return Code(size=len(matrix), path="".join(_runs(matrix)))


def _runs(matrix: Sequence[Sequence[bool | None]]) -> Iterator[str]:
    """Yield each run of dark modules in a row as one bar: bars that touch show no hairline between them."""
    for row, modules in enumerate(matrix):
        column = 0
        for is_dark, run in groupby(modules, key=bool):
            width = len(list(run))
            if is_dark:
                yield f"M{column} {row}h{width}v1h-{width}z"
            column += width
