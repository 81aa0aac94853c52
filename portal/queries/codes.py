"""Diagnosis codes as they stand in `seeds/icd10`, and what is said about them in `seeds/rules`; read once."""

import gzip
import json
import tomllib
from functools import cache

from portal.config import ROOT
from portal.domain.diagnoses import Diagnoses, Mark, Pair, Sense
from portal.domain.icd10 import Codes
from portal.domain.vocabulary import Condition

FOLDER = ROOT / "seeds" / "icd10"
RULES = ROOT / "seeds" / "rules" / "diagnoses.toml"


@cache
def get_codes() -> Codes:
    """Return the table of codes, about 13 MB in memory."""
    manifest = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))
    with gzip.open(FOLDER / "codes.tsv.gz", "rt", encoding="utf-8") as table:
        return Codes(edition=manifest["edition"], lines=table.read().splitlines())


@cache
def get_diagnoses() -> Diagnoses:
    """Return which codes fit which reason for referral, and what others mean."""
    kept = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return Diagnoses(
        version=kept["version"],
        signed_off_by=kept["signed_off_by"],
        accepted={condition: tuple(kept["accepted"][condition]) for condition in Condition},
        marks=tuple(
            Mark(
                codes=tuple(mark["codes"]),
                sense=Sense(mark["sense"]),
                flag=mark.get("flag", ""),
                said=mark["said"],
            )
            for mark in kept["marks"]
        ),
        never_together=tuple(
            Pair(one=tuple(pair["one"]), other=tuple(pair["other"]), said=pair["said"])
            for pair in kept["never_together"]
        ),
    )
