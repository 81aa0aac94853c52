"""The versioned numbers that clinicians sign off, read from `seeds/rules/`; none stands in code."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

from portal.config import ROOT
from portal.domain import clock
from portal.domain.case import TriageRules
from portal.domain.clock import Promises, Target
from portal.domain.completeness import Wanted
from portal.domain.intake import Known
from portal.domain.vocabulary import Tier
from portal.queries.codes import get_codes


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """How soon each tier is served, and the hours that count for the network's intake queue."""

    version: str
    signed_off_by: str
    by_tier: dict[Tier, Target]
    intake_zone: str
    intake_state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How a course usually runs, in sentences, as far as travel is planned around it."""

    version: str
    signed_off_by: str
    visits: str
    afterwards: str


class InZone(Protocol):
    """Whatever keeps hours somewhere: a clinic's row or its listing."""

    @property
    def zone(self) -> str:
        """The name of its time zone."""

    @property
    def state(self) -> str:
        """The two letters of the state whose holidays it keeps."""


def promises(received_at: datetime, tier: Tier, clinic: InZone | None) -> Promises:
    """Return what a clinic (None: the network's intake) promises for a referral received at a moment."""
    targets = get_targets()
    zone = clinic.zone if clinic else targets.intake_zone
    state = clinic.state if clinic else targets.intake_state
    return clock.promises(received_at, targets.by_tier[tier], zone=zone, state=state)


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


@cache
def get_course() -> Course:
    """Return how a course usually runs."""
    return Course(**tomllib.loads((ROOT / "seeds" / "rules" / "course.toml").read_text()))


def known(moment: datetime) -> Known:
    """Return what answers are read against at a moment."""
    numbers = get_triage().numbers
    return Known(
        now=moment,
        today=local_day(moment),
        zone=get_targets().intake_zone,
        codes=get_codes(),
        emergency_pressure=(numbers["systolic_emergency"], numbers["diastolic_emergency"]),
    )


@cache
def get_triage() -> TriageRules:
    """Return the triage rules in force: the newest version."""
    newest = max((ROOT / "seeds" / "rules" / "triage").glob("*.toml"))
    kept = tomllib.loads(newest.read_text())
    return TriageRules(
        version=kept["version"],
        signed_off_by=kept["signed_off_by"],
        numbers={**kept["scores"], **kept["spans"], **kept["trials"], **kept["pressure"], **kept["ages"]},
        cancer_codes=tuple(kept["codes"]["cancer_pain"]),
        crisis_words=tuple(kept["words"]["crisis"]),
    )


@cache
def get_wanted() -> tuple[Wanted, ...]:
    """Return what clinics will ask for when it is missing."""
    kept = tomllib.loads((ROOT / "seeds" / "rules" / "completeness.toml").read_text())
    return tuple(
        Wanted(
            **{
                **each,
                "any_of": tuple(each["any_of"]),
                "conditions": frozenset(each["conditions"]),
                "clinics": frozenset(each.get("clinics", ())),
            }
        )
        for each in kept["wanted"]
    )
