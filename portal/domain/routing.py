"""Which clinic a referral goes to, and why: suitable, then nearest, then by name. Never random, never paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain import reading
from portal.domain.intake import NewReferral
from portal.domain.vocabulary import Condition

RULE_VERSION = "2026-11-23"


class Reason(StrEnum):
    """Why a clinic was kept, dropped, or marked to be asked first."""

    SUITS = "suits"
    NOT_ACCEPTING = "not_accepting"
    CONDITION_NOT_TREATED = "condition_not_treated"
    AGE_OUTSIDE = "age_outside"
    AGES_UNKNOWN = "ages_unknown"
    DISTANCE_UNKNOWN = "distance_unknown"


REASON_LABELS: dict[Reason, str] = {
    Reason.SUITS: "Takes referrals and treats this condition",
    Reason.NOT_ACCEPTING: "Does not accept referrals here",
    Reason.CONDITION_NOT_TREATED: "Does not treat this condition",
    Reason.AGE_OUTSIDE: "Does not treat this age",
    Reason.AGES_UNKNOWN: "Has not confirmed which ages it treats: ask first",
    Reason.DISTANCE_UNKNOWN: "How far it is is not known",
}


class Choice(StrEnum):
    """Who decided where a referral goes."""

    RULE = "rule"
    REFERRER = "referrer"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Treats:
    """One offering of a clinic: what it treats and at which ages (None: not confirmed by the clinic)."""

    conditions: frozenset[Condition]
    min_age: int | None = None
    max_age: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A clinic as routing sees it; `distance_km` is from where the patient will be, None when not known."""

    slug: str
    name: str
    accepting: bool
    treats: tuple[Treats, ...]
    distance_km: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the patient needs of a clinic."""

    condition: Condition
    age: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One clinic as it was judged."""

    slug: str
    name: str
    kept: bool
    reasons: tuple[Reason, ...]
    distance_km: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """A decision that explains itself: every candidate, best first, the dropped ones last."""

    candidates: tuple[Candidate, ...]
    chosen: str | None
    """Slug; None is the network's intake queue."""
    choice: Choice
    rule_version: str = RULE_VERSION

    @property
    def kept(self) -> tuple[Candidate, ...]:
        """The clinics that suit, best first."""
        return tuple(candidate for candidate in self.candidates if candidate.kept)


def wanted(new: NewReferral, today: date) -> Wanted:
    """Return what a referral asks of a clinic."""
    return Wanted(condition=new.condition, age=reading.age_years(new.patient.date_of_birth, today))


def rank(need: Wanted, offers: Iterable[Offer], chosen: str | None = None) -> Placement:
    """Judge every offer and place the referral.

    The referrer's choice wins among the clinics that suit. Without any that suits, or where distance is not
    known for all of them, the network's intake queue has it.
    """
    judged = sorted((_judge(need, offer) for offer in offers), key=_order)
    kept = [candidate for candidate in judged if candidate.kept]
    if chosen in {candidate.slug for candidate in kept}:
        return Placement(candidates=tuple(judged), chosen=chosen, choice=Choice.REFERRER)
    nearest = kept[0].slug if kept and kept[0].distance_km is not None else None
    return Placement(candidates=tuple(judged), chosen=nearest, choice=Choice.RULE)


def _judge(need: Wanted, offer: Offer) -> Candidate:
    dropped = _dropped(need, offer)
    asks = (Reason.AGES_UNKNOWN,) if not dropped and _ages_unknown(need, offer.treats) else ()
    far = (Reason.DISTANCE_UNKNOWN,) if offer.distance_km is None else ()
    return Candidate(
        slug=offer.slug,
        name=offer.name,
        kept=not dropped,
        reasons=(*(dropped or (Reason.SUITS,)), *asks, *far),
        distance_km=offer.distance_km,
    )


def _dropped(need: Wanted, offer: Offer) -> tuple[Reason, ...]:
    if not offer.accepting:
        return (Reason.NOT_ACCEPTING,)
    treating = [treats for treats in offer.treats if need.condition in treats.conditions]
    if not treating:
        return (Reason.CONDITION_NOT_TREATED,)
    if not any(_age_fits(need.age, treats) for treats in treating):
        return (Reason.AGE_OUTSIDE,)
    return ()


def _age_fits(age: int, treats: Treats) -> bool:
    return (treats.min_age or 0) <= age and (treats.max_age is None or age <= treats.max_age)


def _ages_unknown(need: Wanted, offerings: Sequence[Treats]) -> bool:
    treating = [treats for treats in offerings if need.condition in treats.conditions]
    return all(treats.min_age is None and treats.max_age is None for treats in treating)


def _order(candidate: Candidate) -> tuple[bool, bool, float, str, str]:
    unknown = candidate.distance_km is None
    return not candidate.kept, unknown, candidate.distance_km or 0.0, candidate.name, candidate.slug
