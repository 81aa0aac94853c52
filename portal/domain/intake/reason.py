"""What the patient is referred for, and how soon."""

from portal.domain import icd10
from portal.domain.intake.field import (
    Control,
    Field,
    Known,
    Typed,
    choice,
    dated,
    line,
    past_month,
    past_time,
    text,
)
from portal.domain.vocabulary import CONDITION_LABELS, Condition, Tier

REASON_MOST = 4000
OTHERS_MOST = 5
URGENT_REASON_LEAST = 20
DIAGNOSIS = "Diagnosis"
OTHERS = "Other diagnosis codes"
REQUEST = "What you ask for"

BY = {
    "psychiatrist": "Psychiatrist",
    "pmhnp": "Psychiatric nurse practitioner",
    "psychologist": "Psychologist",
    "primary_care": "Primary care",
    "pain": "Pain clinician",
    "neurologist": "Neurologist",
    "other": "Somebody else",
    "not_known": "Not known",
}
KINDS = {
    "consult": "An opinion only",
    "treat": "Consultation, and treatment if it fits",
    "not_sure": "Not sure",
}
MOOD = frozenset({Condition.TRD, Condition.MDD, Condition.BIPOLAR_DEPRESSION})
PAIN = frozenset(
    {
        Condition.CRPS,
        Condition.FIBROMYALGIA,
        Condition.NEUROPATHIC_PAIN,
        Condition.CHRONIC_PAIN_OTHER,
        Condition.CHRONIC_MIGRAINE,
    }
)


def is_for(conditions: frozenset[Condition]) -> "_IsFor":
    """Return a test whether a referral is for one of these conditions."""
    return _IsFor(conditions)


class _IsFor:
    def __init__(self, conditions: frozenset[Condition]) -> None:
        self.values = {condition.value for condition in conditions}

    def __call__(self, typed: Typed) -> bool:
        return typed.get("condition", "") in self.values


def _code(typed: str, known: Known) -> str:
    given = icd10.parted(typed, known.codes)
    if len(given) > 1:
        raise ValueError(f"Enter one code here, and the others in “{OTHERS}”")
    return icd10.read(given[0] if given else typed, known.codes).code


def _codes(typed: str, known: Known) -> list[str]:
    given = icd10.parted(typed, known.codes)
    if len(given) > OTHERS_MOST:
        raise ValueError(f"Enter {OTHERS_MOST} further codes or fewer")
    found, wrong = [], []
    for each in given:
        try:
            found.append(icd10.read(each, known.codes).code)
        except ValueError as problem:
            may_be_shown = each.isprintable() and len(each) <= icd10.TYPED_MOST
            wrong.append(f"“{each}”: {problem}" if may_be_shown else str(problem))
    if wrong:
        raise ValueError(". ".join(wrong))
    return found


FIELDS = (
    choice(
        "condition",
        "Condition",
        {code.value: label for code, label in CONDITION_LABELS.items()},
        hint="The main condition you refer for.",
        example="trd",
        missing="Choose the condition",
        wrong="Choose one of the conditions",
    ),
    Field(
        name="reason",
        label="Why you refer now",
        hint="What was tried, what happened, and your question to the clinic.",
        most=REASON_MOST,
        reader=text(REASON_MOST, lines=True),
        example="Two adequate trials without lasting response. Asks for an opinion on infusion.",
        missing="Say why you refer now",
        control=Control.LINES,
    ),
    choice(
        "priority",
        "How soon",
        {tier.value: tier.label for tier in reversed(Tier)},
        hint="Routine unless you say otherwise.",
        example="routine",
        wrong="Choose routine, soon or urgent",
    ),
    Field(
        name="priority_reason",
        label="Why it is urgent",
        hint="A nurse reads this first. It counts only with urgent.",
        most=500,
        reader=text(500, lines=True),
        example="Discharged from hospital last week and worse since then.",
        control=Control.LINES,
    ),
    Field(
        name="diagnosis.code",
        label="Diagnosis code (ICD-10-CM)",
        hint="The full code, like F33.2. The table here may be a month behind: leave this empty where it does not have yours.",
        most=12,
        reader=_code,
        example="F33.2",
        group=DIAGNOSIS,
    ),
    Field(
        name="diagnosis.others",
        label=OTHERS,
        hint="Up to five, with commas between them.",
        most=80,
        reader=_codes,
        example="F41.1, G47.33",
        group=DIAGNOSIS,
    ),
    choice("diagnosis.by", "Diagnosed by", BY, group=DIAGNOSIS),
    Field(name="diagnosis.date", label="Date of the diagnosis", hint="A year is enough, like 2019 or 3 2019.", most=40, reader=past_time, example="2025-02-01", group=DIAGNOSIS),
    Field(name="onset", label="When this episode or pain began", hint="Month and year, like 3 2024.", most=40, reader=past_month, example="2024-03", group=DIAGNOSIS),
    choice("request.kind", "What you ask for", KINDS, group=REQUEST),
    line("request.current_treatment", "Ketamine or esketamine treatment so far", "None", most=400, hint="Where, which medicine and dose, and how it went. “None” is an answer.", group=REQUEST),
    dated("request.last_dose_on", "Date of the last ketamine or esketamine dose", "2026-11-02", hint="Only where a course is under way.", group=REQUEST),
)  # fmt: skip
