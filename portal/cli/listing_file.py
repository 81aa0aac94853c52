"""A CSV file of listings: read whole, or refused whole with every bad row named by its line."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import click

from portal.domain import listings
from portal.domain.errors import Unfit
from portal.domain.listings import COLUMNS, Listing

MANY_ROWS = 1_000
"""Above this, whoever waits is shown how far it is."""


class Row(NamedTuple):
    """One row of the file; `line` is where it ends, as an editor counts."""

    line: int
    cells: list[str]


def read(path: Path) -> list[Listing]:
    """Read a file; raise ClickException with every problem when there is any."""
    header, *rows = _rows(path)
    _check_header(header.cells)
    lines: dict[str, int] = {}
    found, problems = [], []
    with progress(rows, "Reading") as shown:
        for row in shown:
            try:
                listing = _listing(header.cells, row.cells)
            except Unfit as unfit:
                problems += [f"line {row.line}: {column}: {said}" for column, said in unfit.problems.items()]
                continue
            first = lines.setdefault(listing.slug, row.line)
            if first != row.line:
                problems.append(f"line {row.line}: slug: {listing.slug} stands on line {first} already")
            found.append(listing)
    if problems:
        raise _refusal(*problems)
    return found


def write(found: Iterable[Listing]) -> str:
    """Write listings as a file; reading it gives the same listings."""
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(listings.write(listing) for listing in found)
    return text.getvalue()


def progress(items: Sequence[Any], label: str) -> AbstractContextManager[Iterable[Any]]:
    """Return the items, shown as a bar beside what goes to a pipe when there are many."""
    return click.progressbar(items, label=label, hidden=len(items) <= MANY_ROWS, file=sys.stderr)


def _rows(path: Path) -> list[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise _refusal(f"line {line}: not UTF-8; save the file as CSV in UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [Row(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as problem:
        raise _refusal(f"line {reader.line_num}: not CSV: {problem}") from None
    if not rows:
        raise _refusal(f"it is empty; its first line names the columns: {','.join(COLUMNS)}")
    return rows


def _check_header(header: list[str]) -> None:
    if sorted(header) == sorted(COLUMNS):
        return
    wrong = [
        *(f"{column} is missing" for column in COLUMNS if column not in header),
        *(
            f"{column or 'a column without a name'} is not known"
            for column in header
            if column not in COLUMNS
        ),
        *(f"{column} stands there twice" for column in COLUMNS if header.count(column) > 1),
    ]
    raise _refusal(f"line 1: header: {'; '.join(wrong)}. The columns are {','.join(COLUMNS)}")


def _listing(header: list[str], cells: list[str]) -> Listing:
    if len(cells) != len(header):
        raise Unfit({"row": f"It has {len(cells)} cells and the header has {len(header)}"})
    return listings.read(dict(zip(header, cells, strict=True)))


def _refusal(*problems: str) -> click.ClickException:
    return click.ClickException("\n".join(["the file is refused and nothing was changed.", *problems]))
