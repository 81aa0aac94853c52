"""Where a referral will go, before it is sent: the suggestion, the other clinics, and why each is as it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import db
from portal.domain import completeness, intake, routing, tiering
from portal.domain.completeness import Meter
from portal.domain.intake import NewReferral
from portal.domain.orders import Ground
from portal.domain.routing import Candidate, Placement
from portal.domain.tiering import Findings
from portal.domain.vocabulary import Tier
from portal.doors.world import now
from portal.queries import directory, findings, rules
from portal.web import intake_meter, routing_words, words
from portal.web.intake_draft import draft, known, today
from portal.web.intake_meter import Lacking
from portal.web.promise_words import Promised, promised

TEAM = ""
"""Stands for the network's intake team where a clinic's slug is chosen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """Somebody who may be chosen."""

    slug: str
    title: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """Where it will go. `names` are the words of the button by slug; `overruled` says why a wish cannot be met."""

    chosen: str
    options: tuple[Option, ...]
    left_out: tuple[tuple[str, str], ...]
    overruled: str
    why: str
    tier: Tier
    because: str
    """Why the tier is what it is."""
    lacking: tuple[Lacking, ...]
    """What the clinic will ask for."""
    promised: Promised
    names: dict[str, str]


def read_draft(*, clinic: str | None = None) -> NewReferral:
    """Return the referral that the draft stands for, as if the patient had agreed; raises as `intake.read` does."""
    typed = {**draft().typed, "consent": "yes"}
    return intake.read(typed, safety=draft().safety, clinic=clinic, known=known())


def suggest(new: NewReferral, ground: Ground) -> Placement:
    """Return where the rules send a referral when nobody wishes anything."""
    return routing.rank(routing.wanted(new, today()), ground.offers)


def preview(new: NewReferral, ground: Ground, wish: str) -> Preview:
    """Return where a referral will go when a clinic is wished for (a slug, or TEAM for none)."""
    suggested = suggest(new, ground)
    placement = routing.rank(routing.wanted(new, today()), ground.offers, wish) if wish else suggested
    clinic = directory.current(db.session()).find(placement.chosen or "")
    found = findings.of(new, today())
    return Preview(
        chosen=placement.chosen or TEAM,
        options=_options(suggested),
        left_out=tuple((out.name, _left_out(out)) for out in placement.candidates if not out.kept),
        overruled=_overruled(placement, wish),
        why=routing_words.why(
            suggested if placement.chosen == suggested.chosen else placement, _label(ground)
        ),
        tier=found.tier,
        because=_because(new, found),
        lacking=tuple(intake_meter.lacking(_meter(placement))),
        promised=promised(now(), found.tier, clinic),
        names=_names(suggested.kept),
    )


def _meter(placement: Placement) -> Meter:
    return completeness.measure(draft().typed, draft().said, placement.chosen or TEAM, rules.get_wanted())


def _because(new: NewReferral, found: Findings) -> str:
    deciding = tiering.SAYS[found.fired[0]]
    if found.tier is not new.priority:
        return f"You asked for {new.priority.value}. {deciding}: this makes it {found.tier.value}."
    if found.fired == (tiering.LAST,):
        return f"You asked for {new.priority.value}, and no answer calls for sooner."
    return f"You asked for {new.priority.value}. {deciding}."


def _label(ground: Ground) -> str | None:
    return ground.place.label if ground.place else None


def _options(suggested: Placement) -> tuple[Option, ...]:
    clinics = tuple(
        Option(
            slug=kept.slug, title=kept.name, detail=_detail(kept, is_suggested=kept.slug == suggested.chosen)
        )
        for kept in suggested.kept
    )
    if suggested.chosen or not clinics:
        return clinics
    team = Option(
        slug=TEAM, title="Let the intake team choose", detail="It finds out which clinic is nearest."
    )
    return (team, *clinics)


def _detail(kept: Candidate, *, is_suggested: bool) -> str:
    standing = "Suggested." if is_suggested else "Also suits."
    far = f"{words.capital(routing_words.distance(kept))}."
    return " ".join(filter(None, (standing, far, routing_words.reasons(kept))))


def _left_out(candidate: Candidate) -> str:
    return f"Not offered: {routing_words.reasons(candidate).lower()}"


def _overruled(placement: Placement, wish: str) -> str:
    if wish in {TEAM, placement.chosen}:
        return ""
    unfit = next((candidate for candidate in placement.candidates if candidate.slug == wish), None)
    reason = f" {routing_words.reasons(unfit)}" if unfit else ""
    return f"The clinic you chose cannot take this referral.{reason}"


def _names(kept: Sequence[Candidate]) -> dict[str, str]:
    """Return what the button calls each clinic: its city, or its name where two are in one city."""
    clinics = directory.current(db.session())
    cities = {candidate.slug: clinic.city for candidate in kept if (clinic := clinics.find(candidate.slug))}
    times = Counter(cities.values())
    named = {
        candidate.slug: cities[candidate.slug] if times[cities[candidate.slug]] == 1 else candidate.name
        for candidate in kept
    }
    return {TEAM: "the intake team", **named}
