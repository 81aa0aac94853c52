"""What the page of a stopped form says: whom to call first, by the rules that fired; the same for everybody else."""

from collections.abc import Set
from dataclasses import dataclass

from portal.domain.safety import Rule

LEADS = {
    Rule.E5: "You told us of signs of a medical emergency.",
    Rule.E2: "You told us there may be danger now.",
    Rule.E3: "You told us that another person may be harmed.",
    Rule.E7: "You told us that a child or a vulnerable adult is in danger.",
    Rule.E4: "You told us of a state of mind that cannot wait.",
    Rule.E6: "You told us that somebody is intoxicated and not safe.",
    Rule.E1: "The screener's answers say that the patient may act on thoughts of suicide.",
}
"""The first of these that fired leads."""
FOR_911 = {
    Rule.E5: "Chest pain, signs of a stroke, trouble breathing, new numbness or weakness",
    Rule.E3: "Somebody may be harmed; the police come too",
    Rule.E7: "A child or vulnerable adult in danger now; then make the report that the law asks for",
    Rule.E4: "Voices that command, severe confusion, no food or fluids at all",
    Rule.E6: "Somebody cannot be woken, or breathes badly",
}
ANY_911 = "Someone is in danger, took an overdose, has chest pain or cannot breathe"
MEDICAL = frozenset({Rule.E5, Rule.E6})
OVERDOSE = frozenset({Rule.E2, Rule.E6})
"""Rules behind which poison may stand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One line of help: a number to press, and what it is for."""

    href: str
    title: str
    detail: str
    icon: str = "phone"
    look: str = ""


def lead(rules: Set[Rule]) -> str:
    """Return the sentence that says why the form stopped."""
    return next((said for rule, said in LEADS.items() if rule in rules), LEADS[Rule.E2])


def until_help(rules: Set[Rule]) -> str:
    """Return what to do until somebody comes."""
    if rules <= MEDICAL:
        return "Stay with the person, and do not let them drive. Have their list of medicines at hand."
    return "Stay with the person, and put guns, medicines and car keys out of reach."


def calls(rules: Set[Rule]) -> list[Call]:
    """Return whom to call, the first one first: 911, or 988 where only the screener's answers fired."""
    emergency = Call(href="tel:911", title="Call 911", detail=_for_911(rules), look="call-first")
    crisis = Call(
        href="tel:988",
        title="Call 988",
        detail="Thoughts of suicide, day or night. Veterans press 1, Spanish press 2",
        look="call-next",
    )
    first = [crisis, emergency] if rules == {Rule.E1} else [emergency, crisis]
    if Rule.E6 in rules:
        first = [emergency, *_poison(rules), crisis]
    return [
        *first,
        Call(href="sms:988", title="Text 988", detail="Thoughts of suicide, day or night", icon="text"),
        Call(
            href="sms:838255", title="Veterans: text 838255", detail="Or call 988, then press 1", icon="text"
        ),
        Call(href="tel:+18772664357", title="Alaska Careline", detail="877-266-4357, day or night"),
        *(_poison(rules) if Rule.E6 not in rules else ()),
    ]


def _for_911(rules: Set[Rule]) -> str:
    return next((said for rule, said in FOR_911.items() if rule in rules and Rule.E2 not in rules), ANY_911)


def _poison(rules: Set[Rule]) -> list[Call]:
    if not rules & OVERDOSE:
        return []
    return [
        Call(
            href="tel:+18002221222",
            title="Poison help",
            detail="1-800-222-1222. Too much of a medicine, a drug or alcohol, and the person is awake",
        )
    ]
