"""The versioned numbers that clinicians sign off, read from `seeds/rules/`; none stands in code."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from portal.config import ROOT
from portal.domain.clock import Target
from portal.domain.vocabulary import Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """How soon each tier is served, and the hours that count for the network's intake queue."""

    version: str
    signed_off_by: str
    by_tier: dict[Tier, Target]
    intake_zone: str
    intake_state: str


def local_day(moment: datetime) -> date:
    """Return the day it is at the network's intake, which ages are counted to at every door."""
    return moment.astimezone(ZoneInfo(get_targets().intake_zone)).date()


@cache
def get_targets() -> Targets:
    """Return the targets in force."""
    kept = tomllib.loads((ROOT / "seeds" / "rules" / "targets.toml").read_text())
    return Targets(
        version=kept["version"],
        signed_off_by=kept["signed_off_by"],
        by_tier={tier: Target(**kept[tier]) for tier in Tier},
        intake_zone=kept["intake"]["zone"],
        intake_state=kept["intake"]["state"],
    )
