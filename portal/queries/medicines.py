"""The medicines as they stand in `seeds/rules`, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.config import ROOT
from portal.domain.antidepressants import Antidepressants, Medicine, fold

RULES = ROOT / "seeds" / "rules" / "antidepressants.toml"


@cache
def get_antidepressants() -> Antidepressants:
    """Return the antidepressants that count, with their doses and the least time."""
    kept = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return Antidepressants(
        version=kept["version"],
        signed_off_by=kept["signed_off_by"],
        weeks_least=kept["weeks_least"],
        trials_least=kept["trials_least"],
        forms=frozenset(kept["forms"]),
        names={
            fold(name): _medicine(row) for row in kept["medicines"] for name in (row["name"], *row["also"])
        },
    )


def _medicine(row: Mapping[str, Any]) -> Medicine:
    return Medicine(
        name=row["name"],
        of=row.get("of", row["name"]),
        least_mg=row.get("least"),
        most_mg=row.get("most"),
        instead=row.get("instead", ""),
    )
