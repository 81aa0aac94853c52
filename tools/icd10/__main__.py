"""Writes the table of codes and its manifest: `python -m tools.icd10`. The same source gives the same bytes."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

SOURCE = "simple-icd-10-cm"
EDITION = "April 2026"
"""The release that this version of the source carries, as its own description says."""
IN_FORCE = "April 1 to September 30, 2026 (fiscal year 2026)"
LICENCE = "MIT; codes and descriptions by CDC/NCHS and CMS, works of the United States government"
FOLDER = Path("seeds/icd10")
TABLE = "codes.tsv.gz"


def main() -> None:
    rows = sorted(_rows())
    content = "".join(f"{row}\n" for row in rows).encode()
    FOLDER.mkdir(parents=True, exist_ok=True)
    # A stamp of time inside would make the same table other bytes.
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    (FOLDER / TABLE).write_bytes(packed)
    manifest = {
        "edition": EDITION,
        "in_force": IN_FORCE,
        "source": {"name": SOURCE, "version": version(SOURCE), "licence": LICENCE},
        "columns": ["code", "billable", "description"],
        "files": {
            TABLE: {
                "rows": len(rows),
                "billable": sum(row.split("\t")[1] == "1" for row in rows),
                "bytes": len(packed),
                "sha256": hashlib.sha256(packed).hexdigest(),
                "sha256_unpacked": hashlib.sha256(content).hexdigest(),
            }
        },
    }
    (FOLDER / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(rows)} codes of {EDITION} are in {FOLDER}.")


def _rows() -> Iterator[str]:
    """Yield one line for each code and header of three characters and more; chapters and blocks are left out.

    In the order of these lines each header stands right before all that is under it.
    """
    source = import_module("simple_icd_10_cm")
    for code in sorted(set(source.get_all_codes(with_dots=True))):
        if source.is_category_or_subcategory(code):
            yield f"{code}\t{int(source.is_leaf(code))}\t{' '.join(source.get_description(code).split())}"


if __name__ == "__main__":
    main()
