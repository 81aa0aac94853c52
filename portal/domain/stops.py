"""A referral form that was stopped because somebody may be in danger, as it is written down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.letters import Site
from portal.domain.routing import Offer

TOLD = (
    "patient.name",
    "patient.phone",
    "patient.place",
    "referrer.name",
    "referrer.practice",
    "referrer.email",
)
"""What somebody needs who calls at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What an alarm needs beside the form: how the portal calls itself, and whose staff are the nearest."""

    site: Site
    near: str | None = None
    """Slug of the clinic that suits and is nearest, for a form that wishes for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A stop: the rules that fired, the key that is stopped, and the clinic that the form was for."""

    rules: Iterable[str]
    digest: str
    typed: Mapping[str, str]
    clinic: str | None
    """Slug; None where nobody can tell yet. A form that was to change a referral goes to the clinic that holds it."""
    site: Site
    referral_id: int | None = None
    """The referral whose answers the form was to change; None where it was to be one of its own."""


def nearest(offers: Iterable[Offer], condition: str) -> str | None:
    """Return the slug of the nearest clinic that takes referrals, for the condition where it is told."""
    suitable = [
        offer
        for offer in offers
        if offer.accepting
        and offer.distance_km is not None
        and (not condition or any(condition in treats.conditions for treats in offer.treats))
    ]
    return min(suitable, key=lambda offer: (offer.distance_km, offer.slug)).slug if suitable else None
