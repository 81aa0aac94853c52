"""How the patient is now, and what was tried: scores with their dates, and one row a treatment."""

import re
from collections.abc import Mapping

from portal.domain import measures, trials
from portal.domain.intake.field import (
    Control,
    Field,
    Known,
    Reader,
    Rows,
    choice,
    dated,
    line,
    listed_or_not,
    past_month,
    whole,
    yes_no,
)
from portal.domain.intake.reason import MOOD, PAIN, is_for
from portal.domain.vocabulary import Condition

HISTORY = "History"
FUNCTION = {"full": "Works and cares for themselves", "less": "Does less than before", "lost": "Lost work or self-care", "not_known": "Not known"}  # fmt: skip
KINDS = {kind.value: label for kind, label in trials.KIND_LABELS.items()}
UNITS = {
    "mg": "mg a day",
    "mcg": "micrograms a day",
    "g": "g a day",
    "sessions": "sessions",
    "other": "other",
}
_UNIT_WORDS = {
    "mg": "mg",
    "mcg": "mcg",
    "ug": "mcg",
    "μg": "mcg",
    "micrograms": "mcg",
    "g": "g",
    "sessions": "sessions",
}
"""Units as they are typed after a dose, in lower case."""
_A_DAY = re.compile(r"\s*(?:(?:/|a|per)\s*d(?:ay)?|daily)")
RESPONSES = {
    "none": "None",
    "partial": "Partial",
    "good_then_lost": "Good, then lost",
    "full": "Full",
    "not_known": "Not known",
}
STOPPED_WHY = {
    "ongoing": "It goes on",
    "no_effect": "No effect",
    "side_effect": "Side effect",
    "cost": "Cost",
    "other": "Other",
    "not_known": "Not known",
}

_mood, _pain = is_for(MOOD), is_for(PAIN)
_anxious, _ptsd, _crps = (
    is_for(frozenset({condition})) for condition in (Condition.ANXIETY, Condition.PTSD, Condition.CRPS)
)
_mood_or_ptsd = is_for(MOOD | {Condition.PTSD, Condition.ANXIETY, Condition.OCD})


def _number(low: float, high: float, unit: str) -> Reader:
    return lambda typed, _known: measures.number(typed, low=low, high=high, unit=unit)


def _dose(typed: str, _known: Known) -> float:
    try:
        return measures.number(typed, low=0.01, high=10_000)
    except ValueError:
        raise ValueError(
            "Enter the dose as a number from 0.01 to 10,000, and choose its unit beside it"
        ) from None


def _called(label: str) -> str:
    """Return a score as sentences call it: "the total of the PHQ-9" of "PHQ-9, total"."""
    scale, _, part = label.partition(", ")
    return f"the {part} of the {scale}" if part else f"the {label.lower()}"


def _score(name: str, label: str, low: int, high: int, group: str, **more: object) -> Field:
    return Field(
        name=name,
        label=label,
        hint=f"{low} to {high}.",
        most=4,
        reader=whole(low, high, _called(label)),
        example=str((low + high) // 2),
        control=Control.NUMBER,
        group=group,
        **more,  # type: ignore[arg-type]
    )


# Ranges: PHQ-9 0-27 with items of 0-3, GAD-7 0-21, PCL-5 0-80, MADRS 0-60, numeric pain rating and PEG 0-10.
FIELDS = (
    _score("phq9.total", "PHQ-9, total", 0, 27, "PHQ-9", matters=_mood_or_ptsd),
    _score("phq9.item_9", "PHQ-9, answer to item 9", 0, 3, "PHQ-9", matters=_mood_or_ptsd),
    dated("phq9.date", "Date of the PHQ-9", group="PHQ-9", matters=_mood_or_ptsd),
    _score("gad7.total", "GAD-7, total", 0, 21, "GAD-7", matters=_anxious),
    dated("gad7.date", "Date of the GAD-7", group="GAD-7", matters=_anxious),
    _score("pcl5.total", "PCL-5, total", 0, 80, "PCL-5", matters=_ptsd),
    dated("pcl5.date", "Date of the PCL-5", group="PCL-5", matters=_ptsd),
    _score("madrs.total", "MADRS, total", 0, 60, "Other scales", matters=_mood),
    _score("pain.now", "Pain now", 0, 10, "Pain", matters=_pain),
    _score("pain.average", "Pain on average", 0, 10, "Pain", matters=_pain),
    _score("pain.worst", "Pain at its worst", 0, 10, "Pain", matters=_pain),
    Field(name="pain.peg", label="PEG score", hint="Mean of three answers, 0 to 10.", most=5, reader=_number(0, 10, ""), example="6.3", control=Control.NUMBER, group="Pain", matters=_pain),
    yes_no("pain.cancer", "Pain from cancer, or palliative care?", group="Pain", matters=_pain),
    Field(name="pain.opioid_mme", label="Opioids a day, in morphine milligram equivalents", hint="0 for none.", most=6, reader=_number(0, 2000, "MME"), example="0", control=Control.NUMBER, group="Pain", matters=_pain),
    yes_no("crps.budapest", "Budapest criteria met?", group="Pain", matters=_crps),
    line("crps.limb", "Limb, side and type", "Left hand, type I", most=120, group="Pain", matters=_crps),
    choice("function.level", "Work and self-care", FUNCTION, group=HISTORY),
    yes_no("history.mania_or_psychosis", "Mania or psychosis, ever?", group=HISTORY, matters=_mood_or_ptsd),
    yes_no("history.mood_stabiliser", "Mood stabilizer now?", group=HISTORY, matters=_mood),
    yes_no("history.discharged_30_days", "Discharge or emergency visit for suicidality in the past 30 days?", group=HISTORY),
    yes_no("history.rapid_decline", "Eating, drinking or self-care going down fast?", group=HISTORY),
    yes_no("history.postpartum", "Within 12 months after a birth?", group=HISTORY),
    line("history.admissions", "Psychiatric admissions, emergency visits and attempts", "None", most=300, hint="How many, and when last. “None” is an answer.", group=HISTORY),
    listed_or_not("tried.trials", "Treatments so far", hint="“None” and “not known” are answers too."),
)  # fmt: skip

COLUMNS = (
    choice("kind", "Kind", KINDS),
    line("name", "Name", "Sertraline", most=80),
    Field(name="dose", label="Highest dose", most=20, reader=_dose, example="150", control=Control.NUMBER),
    choice("unit", "Unit", UNITS),
    Field(name="started", label="Started", hint="like 3 2024", most=20, reader=past_month, example="2024-03"),
    Field(name="stopped", label="Stopped", hint="like 3 2024", most=20, reader=past_month, example="2024-09"),
    Field(name="weeks", label="Weeks", hint="if no months", most=12, reader=whole(0, 2000, "the weeks", "weeks", "week", "wk"), example="8", control=Control.NUMBER),
    yes_no("current_episode", "In this episode?"),
    choice("response", "Response", RESPONSES),
    choice("stopped_why", "Why stopped", STOPPED_WHY),
    yes_no("adherence", "Taken as directed?"),
)  # fmt: skip


def _fits(row: Mapping[str, object]) -> dict[str, str]:
    return trials.problems(trials.from_row({"kind": trials.Kind.MEDICINE, **row}))


def _with_unit(row: dict[str, str]) -> dict[str, str]:
    """Return a row with the unit that was typed after its dose as its unit, where none or the same is chosen."""
    number, typed = measures.quantity(row.get("dose", "").strip()) or (0, "")
    unit = _UNIT_WORDS.get(_A_DAY.sub("", typed), "")
    chosen = row.get("unit", unit).strip().casefold()
    if not unit or chosen not in {unit, UNITS[unit].casefold()}:
        return row
    return row | {"dose": f"{number:.10g}", "unit": unit}


TRIALS = Rows(
    name="trials",
    label="Treatments tried",
    one="treatment",
    columns=COLUMNS,
    status="tried.trials",
    across=_fits,
    sorted_out=_with_unit,
)
