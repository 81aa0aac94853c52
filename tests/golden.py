"""The golden cases of the triage policy that a practice can send, by id: what is answered, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from portal.domain import safety
from portal.domain.safety import NO, NOT_KNOWN, YES
from portal.domain.vocabulary import Tier
from tests.build import SAFE

SERTRALINE = {"kind": "medicine", "name": "sertraline", "dose": "150", "unit": "mg", "weeks": "8"}
VENLAFAXINE = SERTRALINE | {"name": "venlafaxine", "dose": "225"}
PLAN = SAFE | {safety.THOUGHTS: YES, safety.METHOD: NO, safety.INTENT: NO, safety.PLAN: YES}


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One case: it stops, asks again, redirects, or files with a tier and its flags."""

    said: Mapping[str, str] = field(default_factory=lambda: SAFE)
    typed: Mapping[str, str] = field(default_factory=dict)
    trials: tuple[Mapping[str, str], ...] = ()
    attested: bool = False
    stops: str = ""
    asks: str = ""
    """Why danger is asked about once more."""
    under_18: bool = False
    tier: Tier | None = None
    rule: str = ""
    """The rule that decides."""
    flags: frozenset[str] = frozenset()
    suggests: tuple[str, ...] = ()


CASES: Mapping[str, Golden] = {
    "G01": Golden(said=SAFE | {safety.DANGER: YES}, stops="E2"),
    "G04": Golden(said=PLAN, stops="E1"),
    "G05": Golden(said=PLAN, attested=True, tier=Tier.URGENT, rule="U1", flags=frozenset({"H15"})),
    "G07": Golden(
        said=SAFE | {safety.ATTEMPT: YES, safety.ATTEMPT_RECENT: NO}, tier=Tier.SOON, rule="N1"
    ),
    "G16": Golden(typed={"condition": "chronic_pain_other", "now.new_nerve_signs": YES}, stops="E5"),
    "G19": Golden(
        typed={"vitals.blood_pressure": "186/122", "now.medical_emergency": YES}, stops="E5"
    ),
    "G20": Golden(
        typed={"condition": "mdd", "phq9.total": "18", "phq9.item_9": "0", "checklist.pregnancy": YES},
        trials=(SERTRALINE, VENLAFAXINE),
        tier=Tier.SOON,
        rule="N2",
        flags=frozenset({"H07"}),
        suggests=("RD12",),
    ),
    "G21": Golden(typed={"patient.date_of_birth": "3 27 2010"}, under_18=True),
    "G21 in danger": Golden(
        said=SAFE | {safety.DANGER: YES}, typed={"patient.date_of_birth": "3 27 2010"}, stops="E2"
    ),
    "G28": Golden(said=dict.fromkeys(SAFE, NOT_KNOWN), tier=Tier.SOON, rule="N7"),
    "G29": Golden(typed={"reason": "Says: I want to end it."}, asks="words", tier=Tier.ROUTINE, rule="Z1"),
    "G30": Golden(
        typed={"phq9.total": "9", "phq9.item_9": "1"}, asks="item_9", tier=Tier.SOON, rule="N1"
    ),
}  # fmt: skip


def attestation() -> dict[str, str]:
    """Return what a clinician attests of somebody who was assessed an hour ago and is in hospital."""
    return {
        "attestation.at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="minutes"),
        "attestation.by": "Birch Placebo, MD",
        "attestation.disposition": "inpatient",
        "attestation.intent_now": NO,
        "attestation.safety_plan": YES,
        "attestation.means_safety": YES,
        "attestation.responsible": "Fern Specimen, RN, 907-555-0144",
    }
