"""How soon a referral is looked at, by rule: the rules that fired, the tier of the first of them, and the flags.

Software never declines and never lowers: the referrer's own wish counts where it asks for more. Payer, sex, language,
employer and distance are no part of it. Every number is read from a versioned table that clinicians sign off.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain import flags, safety
from portal.domain.case import Case
from portal.domain.flags import Flag
from portal.domain.safety import NOT_KNOWN, YES, Rule
from portal.domain.vocabulary import Condition, Tier

DAYS_A_MONTH = 30.44
PERINATAL = "RD12"
"""A warm hand-off to a service outside the network, a perinatal one for example."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TierRule:
    """One row of the triage policy."""

    id: str
    tier: Tier
    says: str
    test: Callable[[Case], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What the rules say of one referral."""

    version: str
    tier: Tier
    fired: tuple[str, ...]
    """Ids of the tier rules, the deciding one first."""
    stops: tuple[str, ...]
    """Stop rules that fired and were attested."""
    flags: tuple[Flag, ...]
    suggests: tuple[str, ...] = ()
    """Codes of a redirect that a nurse should think of."""


def _past_attempt(case: Case) -> bool:
    return case.said.get(safety.ATTEMPT) == YES and case.said.get(safety.ATTEMPT_RECENT) != YES


def _screened(case: Case) -> bool:
    """Tell whether a screener is on file: one with an answer that is not known counts as none."""
    answered = bool(case.said.get(safety.WISH)) and safety.was_asked(case.said)
    return answered and all(case.said.get(name) != NOT_KNOWN for name in safety.SCREENER)


def _method_thoughts(case: Case) -> bool:
    return case.is_yes(safety.METHOD) or (_past_attempt(case) and case.is_yes(safety.THOUGHTS))


def _postpartum(case: Case) -> bool:
    low = case.at_least("phq9.total", "phq9_postpartum") or case.score("phq9.item_9") >= 1
    return case.is_yes("history.postpartum") and low


def _severe_mood(case: Case) -> bool:
    return (
        case.at_least("phq9.total", "phq9_severe")
        or case.at_least("madrs.total", "madrs_severe")
        or (case.at_least("phq9.total", "phq9_moderate") and case.tried_enough)
    )


def _new_crps_or_cancer(case: Case) -> bool:
    new = case.days_since("onset") <= case.rules.numbers["crps_new_months"] * DAYS_A_MONTH
    cancer = case.is_yes("pain.cancer") or not set(case.codes).isdisjoint(case.rules.cancer_codes)
    return cancer or (case.condition is Condition.CRPS and new)


def _severe_pain(case: Case) -> bool:
    lost = case.more.get("function.level") == "lost"
    return (case.at_least("pain.worst", "pain_severe") and lost) or case.at_least(
        "pain.opioid_mme", "opioid_mme_high"
    )


def _mid_course(case: Case) -> bool:
    return case.days_since("request.last_dose_on") <= case.rules.numbers["course_gap_weeks"] * 7


def _not_known(case: Case) -> bool:
    unknown = any(case.said.get(name) == NOT_KNOWN for name in (safety.DANGER, *safety.SCREENER))
    return unknown or not safety.was_asked(case.said)


def _some_thoughts(case: Case) -> bool:
    thoughts = case.is_yes(safety.WISH) or case.is_yes(safety.THOUGHTS) or _past_attempt(case)
    return thoughts or case.score("phq9.item_9") >= 1


_U, _S = Tier.URGENT, Tier.SOON
TIER_RULES: tuple[TierRule, ...] = (
    TierRule(id="U1", tier=_U, says="High suicide risk, assessed and attested", test=lambda case: Rule.E1 in safety.fired(case.said)),
    TierRule(id="U2", tier=_U, says="Thoughts with a method, or thoughts after an earlier attempt", test=_method_thoughts),
    TierRule(id="U3", tier=_U, says="PHQ-9 item 9 is high and no screener was given", test=lambda case: case.at_least("phq9.item_9", "item_9_urgent") and not _screened(case)),
    TierRule(id="U4", tier=_U, says="Discharge or emergency visit for suicidality in the past 30 days", test=lambda case: case.is_yes("history.discharged_30_days")),
    TierRule(id="U5", tier=_U, says="Eating, drinking or self-care going down fast", test=lambda case: case.is_yes("history.rapid_decline")),
    TierRule(id="U6", tier=_U, says="Within 12 months after a birth, with severe scores", test=_postpartum),
    TierRule(id="U7", tier=_U, says="The referrer asks for urgent, with a reason", test=lambda case: case.asked is Tier.URGENT),
    TierRule(id="N1", tier=_S, says="Some suicidal thoughts, or an attempt long ago", test=_some_thoughts),
    TierRule(id="N2", tier=_S, says="Severe depression scores", test=_severe_mood),
    TierRule(id="N3", tier=_S, says="PTSD with depression", test=lambda case: case.at_least("pcl5.total", "pcl5_ptsd") and case.at_least("phq9.total", "phq9_moderate")),
    TierRule(id="N4", tier=_S, says="New CRPS, or pain from cancer", test=_new_crps_or_cancer),
    TierRule(id="N5", tier=_S, says="Severe pain with loss of work or self-care, or high opioid dose", test=_severe_pain),
    TierRule(id="N6", tier=_S, says="In the middle of a course", test=_mid_course),
    TierRule(id="N7", tier=_S, says="A safety answer is not known", test=_not_known),
    TierRule(id="Z1", tier=Tier.ROUTINE, says="None of the other rules", test=lambda _case: True),
)  # fmt: skip
"""In the order in which the first that fires decides."""
LAST = TIER_RULES[-1].id
"""The rule that fires when none of the others does."""
SAYS: Mapping[str, str] = {rule.id: rule.says for rule in TIER_RULES}


def find(case: Case) -> Findings:
    """Return what the rules say; the tier is the first rule's, or what the referrer asked where that is more."""
    fired = tuple(rule for rule in TIER_RULES if rule.test(case))
    if len(fired) > 1:
        fired = fired[:-1]
    ids = tuple(rule.id for rule in fired)
    found = flags.raised(case)
    return Findings(
        version=case.rules.version,
        tier=min(fired[0].tier, case.asked, key=lambda tier: tier.rank),
        fired=ids,
        stops=tuple(sorted(safety.fired(case.said))),
        flags=found,
        suggests=(PERINATAL,) if _is_perinatal(ids, found) else (),
    )


def _is_perinatal(fired: tuple[str, ...], found: tuple[Flag, ...]) -> bool:
    return "U6" in fired or any(flag.id == "H07" and flag.known for flag in found)


def write(findings: Findings) -> dict[str, Any]:
    """Return findings as they are kept with a referral."""
    return {
        "version": findings.version,
        "tier": findings.tier.value,
        "fired": list(findings.fired),
        "stops": list(findings.stops),
        "flags": [{"id": flag.id, "on": flag.on, "known": flag.known} for flag in findings.flags],
        "suggests": list(findings.suggests),
    }


def read(kept: Mapping[str, Any]) -> Findings:
    """Return the findings that `write` kept."""
    return Findings(
        version=kept["version"],
        tier=Tier(kept["tier"]),
        fired=tuple(kept["fired"]),
        stops=tuple(kept["stops"]),
        flags=tuple(Flag(**flag) for flag in kept["flags"]),
        suggests=tuple(kept["suggests"]),
    )
