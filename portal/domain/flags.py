"""What holds treatment (H), or what the nurse makes clear first (W); a flag never changes how soon a patient is seen.

Ids are those of the network's triage policy. What depends on medicines, on the road and on a clinic's own limits is
looked at in triage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.domain import measures, safety
from portal.domain.case import Case
from portal.domain.intake.checklist import HOLDS
from portal.domain.intake.reason import MOOD
from portal.domain.safety import NO, NOT_KNOWN, YES, Rule

NAMES: Mapping[str, str] = {
    "H01": "psychosis",
    "H02": "mania",
    "H03": "blood pressure",
    "H04": "heart",
    "H05": "blood vessels or stroke",
    "H06": "pressure in head or eye",
    "H07": "pregnancy or breastfeeding",
    "H08": "liver",
    "H09": "thyroid",
    "H10": "alcohol or drugs",
    "H11": "allergy to ketamine",
    "H12": "capacity to decide",
    "H14": "nobody to come along",
    "H15": "current safety plan",
    "H16": "porphyria",
    "W09": "bladder or kidneys",
    "W10": "seizures",
    "W11": "breathing or weight",
    "W12": "anesthesia before",
    "W13": "dissociation or personality",
    "W15": "few adequate trials",
    "W18": "interpreter",
    "W20": "65 or older",
    "W21": "older than 30 days",
    "W22": "prescription monitoring",
}
DATED = (
    ("phq9.total", "phq9.date"),
    ("gad7.total", "gad7.date"),
    ("pcl5.total", "pcl5.date"),
    ("vitals.blood_pressure", "vitals.date"),
)
"""What grows old, and the date that says how old it is."""
KETAMINE = "ketamine"
"""Stands in the names of both medicines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """One flag, and the answer that raised it."""

    id: str
    on: str
    """The answer, by dotted name."""
    known: bool = True
    """False where the answer is "not known", missing, or does not settle it."""

    @property
    def holds(self) -> bool:
        """Whether treatment waits for it."""
        return self.id.startswith("H")

    @property
    def name(self) -> str:
        """What it is about; its id where this version has no words for it any more."""
        return NAMES.get(self.id, self.id)


def raised(case: Case) -> tuple[Flag, ...]:
    """Return the flags of a case, holds first."""
    found = dict.fromkeys((*_safety(case), *_checklist(case), *_measured(case), *_around(case)))
    return tuple(sorted(found, key=lambda flag: (not flag.holds, flag.id != "H15")))


def _safety(case: Case) -> Iterator[Flag]:
    if Rule.E1 in safety.fired(case.said):
        yield Flag(id="H15", on="attestation.safety_plan")


def _checklist(case: Case) -> Iterator[Flag]:
    for name, (_label, flag) in HOLDS.items():
        if case.more.get(name) in {YES, NOT_KNOWN}:
            yield Flag(id=flag, on=name, known=case.more[name] == YES)
    if case.is_yes("history.mania_or_psychosis"):
        # It may have been mania; the nurse asks which.
        yield Flag(id="H01", on="history.mania_or_psychosis", known=False)
    for name, flag in case.counted.code_flags:
        yield Flag(id=flag, on=name)
    if any(KETAMINE in row.get("substance", "").casefold() for row in case.more.get("allergies", ())):
        yield Flag(id="H11", on="allergies")


def _measured(case: Case) -> Iterator[Flag]:
    numbers = case.rules.numbers
    if pressure := case.more.get("vitals.blood_pressure"):
        systolic, diastolic = measures.blood_pressure(pressure)
        if systolic >= numbers["systolic_high"] or diastolic >= numbers["diastolic_high"]:
            yield Flag(id="H03", on="vitals.blood_pressure")
    for value, day in DATED:
        if value in case.more and case.days_since(day) > numbers["scores_fresh_days"]:
            yield Flag(id="W21", on=day, known=day in case.more)


def _around(case: Case) -> Iterator[Flag]:
    escort = case.more.get("travel.escort")
    if escort in {NO, NOT_KNOWN, "need_help"}:
        yield Flag(id="H14", on="travel.escort", known=escort == NO)
    if case.condition in MOOD and not case.tried_enough:
        yield Flag(
            id="W15", on="trials", known="trials" in case.more or case.more.get("tried.trials") == "none"
        )
    if case.is_yes("patient.interpreter"):
        yield Flag(id="W18", on="patient.interpreter")
    if case.age >= case.rules.numbers["older_years"]:
        yield Flag(id="W20", on="patient.date_of_birth")
    if not case.more.get("pdmp.reviewed_on"):
        yield Flag(id="W22", on="pdmp.reviewed_on", known=False)
