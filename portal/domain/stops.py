"""A referral form that was stopped because somebody may be in danger, as it is written down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.letters import Site

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
class Stop:
    """A stop: the rules that fired, the key that is stopped, and the clinic that would have had the referral."""

    rules: Iterable[str]
    digest: str
    typed: Mapping[str, str]
    clinic: str | None
    """Slug; None where nobody can tell yet."""
    site: Site
