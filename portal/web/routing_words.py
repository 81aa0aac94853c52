"""A routing decision in words, for the preview, the receipt and the staff page; it says only what was decided."""

from dataclasses import dataclass

from portal.domain.routing import Candidate, Choice, Placement, Reason
from portal.web import words

WHY: dict[Reason, str] = {
    Reason.SUITS: "suits this referral",
    Reason.NOT_ACCEPTING: "not accepting referrals here",
    Reason.CONDITION_NOT_TREATED: "does not treat this condition",
    Reason.AGE_OUTSIDE: "treats other ages",
    Reason.AGES_UNKNOWN: "has not confirmed the ages it treats",
    Reason.DISTANCE_UNKNOWN: "distance not known",
}
PLACE_UNKNOWN = (
    "Where the patient will be is not known here, so neither is the nearest clinic. "
    "The network's intake team finds it, unless a clinic is chosen."
)
NONE_SUITS = (
    "No clinic in the network suits this referral, so the network's intake team has it and finds the way on."
)
CHOSEN_BY = {
    Choice.REFERRER: "The practice that refers chose it, and it suits this referral.",
    Choice.STAFF: "Staff of the network chose it, and it suits this referral.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One clinic that was looked at: how far, and what became of it."""

    name: str
    far: str
    result: str


def distance(candidate: Candidate) -> str:
    """Return "398 miles in a straight line", or that nobody knows."""
    if candidate.distance_km is None:
        return WHY[Reason.DISTANCE_UNKNOWN].capitalize()
    return f"{words.miles(candidate.distance_km)} in a straight line"


def reasons(candidate: Candidate) -> str:
    """Return the reasons beside the distance, as one sentence: why a clinic is left out, or what to ask it first."""
    said = [
        WHY[reason] for reason in candidate.reasons if reason not in {Reason.SUITS, Reason.DISTANCE_UNKNOWN}
    ]
    return f"{', '.join(said).capitalize()}." if said else ""


def why(placement: Placement, place: str | None) -> str:
    """Return why a referral goes where it goes; `place` is the label that was understood, None when nobody knew it."""
    chosen = find_chosen(placement)
    if chosen is None:
        return PLACE_UNKNOWN if placement.kept else NONE_SUITS
    if placement.choice in CHOSEN_BY:
        return " ".join((CHOSEN_BY[placement.choice], _how_far(chosen, place)))
    return f"Of the clinics that suit this referral it is the nearest. {_how_far(chosen, place)}"


def _how_far(chosen: Candidate, place: str | None) -> str:
    if chosen.distance_km is None or place is None:
        return "How far it is from the patient is not known."
    return f"It is {distance(chosen)} from {place}."


def find_chosen(placement: Placement) -> Candidate | None:
    """Return the clinic it goes to; None is the network's intake queue."""
    return next((candidate for candidate in placement.candidates if candidate.slug == placement.chosen), None)


def find_runner_up(placement: Placement) -> Candidate | None:
    """Return the best clinic that suits and was not chosen."""
    return next((candidate for candidate in placement.kept if candidate.slug != placement.chosen), None)
