"""Treatments tried before, as the referrer tells them; what was not said stays None and is never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

DAYS_IN_WEEK = 7


class Kind(StrEnum):
    """What sort of treatment was tried."""

    MEDICINE = "medicine"
    PSYCHOTHERAPY = "psychotherapy"
    ECT = "ect"
    TMS = "tms"
    ESKETAMINE = "esketamine"
    KETAMINE = "ketamine"
    NERVE_BLOCK = "nerve_block"
    SPINAL_CORD_STIMULATION = "spinal_cord_stimulation"
    PHYSICAL_THERAPY = "physical_therapy"
    OTHER = "other"


KIND_LABELS: dict[Kind, str] = {
    Kind.MEDICINE: "Medicine",
    Kind.PSYCHOTHERAPY: "Psychotherapy",
    Kind.ECT: "Electroconvulsive therapy (ECT)",
    Kind.TMS: "Transcranial magnetic stimulation (TMS)",
    Kind.ESKETAMINE: "Esketamine nasal spray",
    Kind.KETAMINE: "Ketamine",
    Kind.NERVE_BLOCK: "Nerve block",
    Kind.SPINAL_CORD_STIMULATION: "Spinal cord stimulation",
    Kind.PHYSICAL_THERAPY: "Physical therapy",
    Kind.OTHER: "Other treatment",
}


class Answer(StrEnum):
    """What a referrer can say of a fact."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Response(StrEnum):
    """What a treatment did; it is shown to the clinic and does not enter the count."""

    NONE = "none"
    PARTIAL = "partial"
    GOOD_THEN_LOST = "good_then_lost"
    FULL = "full"
    NOT_KNOWN = "not_known"


class StoppedWhy(StrEnum):
    """Why a treatment ended, or that it goes on."""

    ONGOING = "ongoing"
    NO_EFFECT = "no_effect"
    SIDE_EFFECT = "side_effect"
    COST = "cost"
    OTHER = "other"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One treatment; `dose` is the highest in a day, months are first days of months, None is not said."""

    kind: Kind
    name: str
    dose: float | None = None
    unit: str = ""
    started: date | None = None
    stopped: date | None = None
    weeks: float | None = None
    current_episode: Answer | None = None
    response: Response | None = None
    stopped_why: StoppedWhy | None = None
    adherence: Answer | None = None


def from_row(row: Mapping[str, Any]) -> Trial:
    """Return the trial that a row of answers tells, months as dates or as "2024-03" or "2024-03-01"."""
    return Trial(
        kind=Kind(row["kind"]),
        name=row["name"],
        dose=row.get("dose"),
        unit=row.get("unit") or "",
        started=_month(row.get("started")),
        stopped=_month(row.get("stopped")),
        weeks=row.get("weeks"),
        current_episode=Answer(row["current_episode"]) if row.get("current_episode") else None,
        response=Response(row["response"]) if row.get("response") else None,
        stopped_why=StoppedWhy(row["stopped_why"]) if row.get("stopped_why") else None,
        adherence=Answer(row["adherence"]) if row.get("adherence") else None,
    )


def _month(kept: date | str | None) -> date | None:
    return date.fromisoformat(f"{kept}-01"[:10]) if isinstance(kept, str) and kept else kept or None


def problems(trial: Trial) -> dict[str, str]:
    """Return what in a trial contradicts itself: the name of the answer, and a sentence that says the way out."""
    if trial.stopped and trial.stopped_why is StoppedWhy.ONGOING:
        return {"stopped": "This treatment goes on and has a month when it stopped; take one of both out"}
    if not trial.started or not trial.stopped:
        return {}
    if trial.stopped < trial.started:
        return {"stopped": "This treatment stops before it starts; check both months"}
    # A month stands for any of its days: the last day of the one it stopped in is a month later than its first.
    if trial.weeks is not None and trial.weeks * DAYS_IN_WEEK > (trial.stopped - trial.started).days + 31:
        return {"weeks": "The months are fewer than these weeks; check all three"}
    return {}


def weeks_by_months(trial: Trial, today: date) -> int | None:
    """Return about how many weeks lie between its months, up to today where it goes on; None where one is not said."""
    until = today if trial.stopped_why is StoppedWhy.ONGOING else trial.stopped
    if not trial.started or not until or until < trial.started:
        return None
    return (until - trial.started).days // DAYS_IN_WEEK
