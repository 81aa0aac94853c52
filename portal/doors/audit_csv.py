"""The trail as a CSV file: codes and names, each entry with its seal, so that it can be held against the database."""

import csv
import io
import json
from collections.abc import Iterable

from portal.queries.audit import Line

COLUMNS = (
    "id",
    "at",
    "actor",
    "name",
    "act",
    "referral",
    "clinic",
    "whom",
    "address",
    "request_id",
    "facts",
    "number",
    "digest",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula begins with one of these."""


def write(entries: Iterable[Line]) -> Iterable[str]:
    """Return the lines of the file."""
    yield _written(COLUMNS)
    for entry in entries:
        yield _written(_cells(entry))


def _cells(entry: Line) -> Iterable[object]:
    return (
        entry.id,
        entry.at.isoformat(),
        entry.actor,
        entry.member or entry.system,
        entry.act,
        entry.reference,
        entry.clinic,
        entry.whom,
        entry.address,
        entry.request_id,
        json.dumps(entry.facts, sort_keys=True),
        entry.number,
        entry.digest.hex() if entry.digest else None,
    )


def _written(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
