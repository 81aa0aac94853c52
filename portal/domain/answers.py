"""A referral's answers as they are kept: one JSON object that reads back to the same value."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from portal.domain.intake import NewReferral, Patient, Referrer, SafetyAnswer
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
    }


def write_safety(answers: Iterable[SafetyAnswer]) -> list[dict[str, Any]]:
    """Return the safety answers as JSON-ready values, in order."""
    return [asdict(answer) | {"at": answer.at.isoformat()} for answer in answers]


def read_safety(kept: Iterable[dict[str, Any]]) -> tuple[SafetyAnswer, ...]:
    """Return the safety answers that `write_safety` kept."""
    return tuple(SafetyAnswer(**answer | {"at": datetime.fromisoformat(answer["at"])}) for answer in kept)


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
    )
