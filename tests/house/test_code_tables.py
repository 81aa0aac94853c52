"""The table of diagnosis codes itself: whole, in order, and the very one that its manifest describes."""

import gzip
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path("seeds/icd10")
ROW = re.compile(r"[A-Z][A-Z0-9]{2}(\.[A-Z0-9]{1,4})?\t[01]\t\S[^\t]*\S")


@cache
def manifest() -> Any:
    return json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))


@cache
def content() -> bytes:
    return gzip.decompress((FOLDER / "codes.tsv.gz").read_bytes())


def rows() -> list[str]:
    return content().decode().splitlines()


def test_the_manifest_describes_this_very_table() -> None:
    assert [path.name for path in FOLDER.glob("*.gz")] == list(manifest()["files"])
    described = manifest()["files"]["codes.tsv.gz"]
    assert hashlib.sha256((FOLDER / "codes.tsv.gz").read_bytes()).hexdigest() == described["sha256"]
    assert hashlib.sha256(content()).hexdigest() == described["sha256_unpacked"]
    assert len(rows()) == described["rows"]
    assert sum("\t1\t" in row for row in rows()) == described["billable"]


def test_the_manifest_names_the_version_it_was_made_with() -> None:
    source = manifest()["source"]
    pinned = Path("tools/icd10/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert f"{source['name']}=={source['version']}" in pinned


def test_the_packed_table_holds_no_moment_of_its_making() -> None:
    assert (FOLDER / "codes.tsv.gz").read_bytes()[4:8] == bytes(4)


def test_every_row_is_a_code_in_order_and_each_is_there_once() -> None:
    assert [row for row in rows() if not ROW.fullmatch(row)] == []
    codes = [row.partition("\t")[0] for row in rows()]
    assert codes == sorted(set(codes))


def test_a_header_is_what_has_codes_under_it() -> None:
    fields = [row.split("\t") for row in rows()]
    followers = [*fields[1:], ["", "", ""]]
    wrong = [
        code
        for (code, billable, _), (follower, *_) in zip(fields, followers, strict=True)
        if follower.startswith(code) == (billable == "1")
    ]
    assert wrong == []


def test_the_table_is_as_large_as_the_year_it_is_of() -> None:
    assert manifest()["files"]["codes.tsv.gz"]["billable"] == 74_719
