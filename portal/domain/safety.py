"""What may not wait: the safety answers as they were given, the rules that stop a referral, and what lets it go on.

Answers are held by dotted name, as typed: "yes", "no", "not_known" or nothing. A negative screen proves nothing; a
positive one always stops. Source of the rules E1-E8: the network's triage policy, section STOP, after the C-SSRS
screener's most worrisome answers; needs the clinical lead's sign-off.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

YES, NO, NOT_KNOWN = "yes", "no", "not_known"

DANGER = "safety.immediate_danger"
WISH, THOUGHTS = "safety.wish_to_be_dead", "safety.thoughts"
METHOD, INTENT, PLAN = "safety.method", "safety.intent", "safety.plan"
ATTEMPT, ATTEMPT_RECENT = "safety.attempt", "safety.attempt_within_3_months"
NOT_ASKED = "safety.not_asked"
SCREENER = (WISH, THOUGHTS, METHOD, INTENT, PLAN, ATTEMPT, ATTEMPT_RECENT)
ASSESSED_FOR = timedelta(hours=24)
"""How old the emergency assessment may be when a referral is filed on it."""


class Rule(StrEnum):
    """A reason to stop; the value is its id in the triage policy."""

    E1 = "E1"
    """The screener's most worrisome answers."""
    E2 = "E2"
    """Danger now, whichever of its kinds."""
    E3 = "E3"
    """Intent or plan to harm another person."""
    E4 = "E4"
    """Severe psychosis, mania or delirium with risk; refusing food and fluids."""
    E5 = "E5"
    """A medical emergency."""
    E6 = "E6"
    """Intoxicated now and unsafe."""
    E7 = "E7"
    """A child or vulnerable adult in danger now."""
    E8 = "E8"
    """Crisis words in free text: asks again, and stops nothing by itself."""


FIRES: Mapping[str, Rule] = {
    DANGER: Rule.E2,
    INTENT: Rule.E1,
    PLAN: Rule.E1,
    ATTEMPT_RECENT: Rule.E1,
    "now.harm_to_others": Rule.E3,
    "now.severe_mental_state": Rule.E4,
    "now.medical_emergency": Rule.E5,
    "now.new_nerve_signs": Rule.E5,
    "now.intoxicated": Rule.E6,
    "now.person_in_danger": Rule.E7,
}
"""The answers that stop a referral when they are "yes", in the order of the form."""
ATTESTATION = (
    "attestation.at",
    "attestation.by",
    "attestation.disposition",
    "attestation.intent_now",
    "attestation.safety_plan",
    "attestation.means_safety",
    "attestation.responsible",
)
SUPERVISED = frozenset({"emergency_department", "inpatient"})
"""Where somebody who intends to act now is not alone."""


class Route(StrEnum):
    """Who fills in the form."""

    PROFESSIONAL = "professional"
    SELF = "self"
    """The patient; no such form is open yet, its rules are."""


class Way(StrEnum):
    """How somebody at high risk may still be referred."""

    ATTESTATION = "attestation"
    """A clinician answers for an assessment within the day."""
    LIVE_CALL = "live_call"
    """By phone with a nurse in staffed hours; or through a clinician."""


class Question(StrEnum):
    """Why the form asks once more whether somebody is in danger now."""

    WORDS = "words"
    """Words of crisis stand in a free text (rule E8)."""
    ITEM_9 = "item_9"
    """The PHQ-9 tells of thoughts of death, and every answer of the screener is no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was answered at one moment; a correction is a further one, with its reason. None is ever taken away."""

    at: datetime
    answers: Mapping[str, str]
    reason: str = ""
    asked_again: frozenset[Question] = field(default_factory=frozenset)
    """The doubts that this answer settles."""
    asked_about: frozenset[str] = field(default_factory=frozenset)
    """Marks of the texts in which a phrase of crisis stood then; a further one is a further doubt."""


def current(said: Iterable[Said]) -> dict[str, str]:
    """Return the answers that hold: of each name the one given last.

    Who attested before a danger was told did not answer for that danger: the attestation is over with it.
    """
    answers: dict[str, str] = {}
    for each in said:
        if not set(causes(each.answers)) <= set(causes(answers)):
            answers = {name: value for name, value in answers.items() if name not in ATTESTATION}
        answers |= each.answers
    return answers


def is_yes(answers: Mapping[str, str], name: str) -> bool:
    """Tell whether an answer is yes, however it is written: what a reader would take for yes may not slip by here."""
    return answers.get(name, "").strip().casefold() == YES


def fired(answers: Mapping[str, str]) -> frozenset[Rule]:
    """Return the rules that these answers fire, attested or not."""
    return frozenset(FIRES[name] for name in causes(answers))


def causes(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the answers that fire a rule, in the order of the form."""
    return tuple(name for name in FIRES if is_yes(answers, name))


def taken_back(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Tell whether an answer that stops is one no longer; this needs a reason."""
    return not set(causes(before)) <= set(causes({**before, **after}))


def stops(answers: Mapping[str, str], now: datetime, *, route: Route = Route.PROFESSIONAL) -> frozenset[Rule]:
    """Return the rules for which nothing may be filed: those that fired, E1 only without a complete attestation.

    Nobody attests for themselves.
    """
    found = fired(answers)
    lifts = route is Route.PROFESSIONAL and is_attested(answers, now)
    return found - {Rule.E1} if lifts else found


def find_way(answers: Mapping[str, str], *, route: Route = Route.PROFESSIONAL) -> Way | None:
    """Return how a form that only the screener stopped may go on; None where it may not.

    A patient whose only such answer is of the past speaks with a nurse, or people learn to answer no.
    """
    if fired(answers) != {Rule.E1}:
        return None
    if route is Route.PROFESSIONAL:
        return Way.ATTESTATION
    only_past = causes(answers) == (ATTEMPT_RECENT,)
    rest = all(
        answers.get(name, "") in {NO, ""} for name in SCREENER if name not in {ATTEMPT, ATTEMPT_RECENT}
    )
    return Way.LIVE_CALL if only_past and rest else None


def is_attested(answers: Mapping[str, str], now: datetime) -> bool:
    """Tell whether a clinician has answered for a patient at high risk, within a day, and who is responsible now.

    Somebody who intends to act now and is not in a supervised place is not filed whatever is attested.
    """
    if not all(answers.get(name) for name in ATTESTATION):
        return False
    try:
        age = now - datetime.fromisoformat(answers["attestation.at"])
    except (ValueError, TypeError):
        return False
    if not timedelta(0) <= age <= ASSESSED_FOR:
        return False
    done = answers["attestation.safety_plan"] == answers["attestation.means_safety"] == YES
    alone = answers["attestation.disposition"] not in SUPERVISED
    return done and not (alone and answers["attestation.intent_now"] != NO)


def was_asked(answers: Mapping[str, str]) -> bool:
    """Tell whether the screener was asked: "not asked, because" stands for all of it, where nothing of it is answered."""
    return not answers.get(NOT_ASKED) or any(answers.get(name) for name in SCREENER)


def is_all_no(answers: Mapping[str, str]) -> bool:
    """Tell whether the screener was asked and nothing in it was answered otherwise than no."""
    return was_asked(answers) and all(answers.get(name) in {NO, "", None} for name in SCREENER)


def doubts(
    answers: Mapping[str, str], *, texts: Iterable[str], words: Iterable[str], item_9: int
) -> frozenset[Question]:
    """Return why the form has to ask about danger once more; `words` are the phrases of crisis, in lower case."""
    found = set()
    if find_words(texts, words):
        found.add(Question.WORDS)
    if item_9 > 0 and is_all_no(answers):
        found.add(Question.ITEM_9)
    return frozenset(found)


def find_words(texts: Iterable[str], words: Iterable[str]) -> frozenset[str]:
    """Return the phrases of crisis that stand in the texts as whole words."""
    plain = _plain("\n".join(texts)).casefold().replace("’", "'")
    # To take a long text apart costs more than to see that most phrases cannot stand in it.
    possible = [word for word in words if all(part in plain for part in word.split())]
    apart = " ".join(("", *re.findall(r"[\w']+", plain.replace("_", " ")), "")) if possible else ""
    return frozenset(word for word in possible if f" {word} " in apart)


def _plain(text: str) -> str:
    """Return a text without letters that only look different, and without signs that nobody sees."""
    # Each letter alone: to compose many accents in a row takes time with the square of their number.
    return re.sub(r"[^\x00-\x7f]", _plain_letter, text)


def _plain_letter(found: re.Match[str]) -> str:
    return "" if unicodedata.category(found[0]) == "Cf" else unicodedata.normalize("NFKC", found[0])


def find_marks(texts: Iterable[str], words: Iterable[str]) -> frozenset[str]:
    """Return a mark of each text in which a phrase of crisis stands; with other words around it, it is another text."""
    given, phrases = tuple(texts), tuple(words)
    if not find_words(given, phrases):
        return frozenset()
    return frozenset(_mark(text) for text in given if find_words((text,), phrases))


def _mark(text: str) -> str:
    return sha256(" ".join(text.casefold().split()).encode(errors="replace")).hexdigest()


def settled(said: Iterable[Said], *, found: frozenset[str] = frozenset()) -> frozenset[Question]:
    """Return the doubts that were asked about and answered; not that of words, where a mark that is found is new."""
    answered = tuple(said)
    questions = frozenset[Question]().union(*(each.asked_again for each in answered))
    asked_about = frozenset[str]().union(*(each.asked_about for each in answered))
    return questions if found <= asked_about else questions - {Question.WORDS}
