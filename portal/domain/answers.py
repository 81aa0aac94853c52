"""A referral's answers as they are kept: one JSON object that reads back to the same value."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from portal.domain.intake import NewReferral, Patient, Referrer
from portal.domain.safety import DANGER, NO, YES, Question, Said
from portal.domain.vocabulary import Condition, Tier


def write(new: NewReferral) -> dict[str, Any]:
    """Return the answers as JSON-ready values; dates and times in ISO 8601."""
    return {
        "patient": asdict(new.patient) | {"date_of_birth": new.patient.date_of_birth.isoformat()},
        "referrer": asdict(new.referrer),
        "condition": new.condition.value,
        "reason": new.reason,
        "priority": new.priority.value,
        "clinic": new.clinic,
        "safety": write_safety(new.safety),
        "more": dict(new.more),
    }


def write_safety(said: Iterable[Said]) -> list[dict[str, Any]]:
    """Return the safety answers as JSON-ready values, in order."""
    return [
        {
            "at": each.at.isoformat(),
            "answers": dict(each.answers),
            "reason": each.reason,
            "asked_again": sorted(each.asked_again),
            "asked_about": sorted(each.asked_about),
        }
        for each in said
    ]


def read_safety(kept: Iterable[dict[str, Any]]) -> tuple[Said, ...]:
    """Return the safety answers that `write_safety` kept, or those kept when there was one question."""
    return tuple(
        Said(
            at=datetime.fromisoformat(each["at"]),
            answers=each["answers"]
            if "answers" in each
            else {DANGER: YES if each["immediate_danger"] else NO},
            reason=each["reason"],
            asked_again=frozenset(map(Question, each.get("asked_again", ()))),
            asked_about=frozenset(each.get("asked_about", ())),
        )
        for each in kept
    )


def read(kept: dict[str, Any]) -> NewReferral:
    """Return the value that `write` kept."""
    patient = kept["patient"]
    return NewReferral(
        patient=Patient(**patient | {"date_of_birth": date.fromisoformat(patient["date_of_birth"])}),
        referrer=Referrer(**kept["referrer"]),
        condition=Condition(kept["condition"]),
        reason=kept["reason"],
        priority=Tier(kept["priority"]),
        clinic=kept["clinic"],
        safety=read_safety(kept["safety"]),
        more=kept.get("more", {}),
    )
