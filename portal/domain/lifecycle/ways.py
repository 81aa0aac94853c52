"""From one state of a referral to the next: `after` is the only way."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from portal.domain.access import Permission
from portal.domain.errors import Refused
from portal.domain.lifecycle.names import TAKEN_ON, Move, Status
from portal.domain.lifecycle.table import RULES, End, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the guards look at."""

    status: Status
    holder_id: int | None = None
    at_clinic: bool = True
    """False in the network's intake queue."""
    before: Status | None = None
    """Where it stood when its cancelling was asked; None while nobody asks."""

    @property
    def taken_on(self) -> bool:
        """Whether a clinic has taken the patient on."""
        return self.status in TAKEN_ON


def after(facts: Facts, move: Move) -> Status:
    """Return the status that a move leads to; raise Refused when the table has no such way."""
    rule = RULES.get(move)
    if rule is None or facts.status not in rule.start:
        raise Refused(f"A referral that is {facts.status.label.lower()} cannot be moved by “{move.value}”.")
    if rule.needs_clinic and not facts.at_clinic:
        raise Refused("No clinic has this referral yet. Transfer it to the clinic that is to accept it.")
    return _end(rule, facts)


def _end(rule: Rule, facts: Facts) -> Status:
    if rule.end is End.SAME:
        return facts.status
    if rule.end is not End.BEFORE:
        return rule.end
    if facts.before is None:
        raise Refused("Nobody asked to cancel this referral.")
    return facts.before


def ways(rule: Rule) -> Iterator[tuple[Status, Status]]:
    """Yield each status that a move starts from, with each that it may lead to from there."""
    for start in rule.start:
        if rule.end is End.BEFORE:
            yield from ((start, end) for end in RULES[Move.ASK_TO_CANCEL].start)
        else:
            yield start, start if rule.end is End.SAME else rule.end


def offered(facts: Facts, held: Collection[Permission], member_id: int) -> tuple[Rule, ...]:
    """Return, in the table's order, exactly the moves that this member may make now."""
    return tuple(rule for rule in RULES.values() if _fits_member(rule, facts, held, member_id))


def offered_to_referrer(facts: Facts) -> tuple[Rule, ...]:
    """Return the moves that the holder of the status link may make now."""
    return tuple(rule for rule in RULES.values() if rule.by_referrer and facts.status in rule.start)


def _fits_member(rule: Rule, facts: Facts, held: Collection[Permission], member_id: int) -> bool:
    if facts.status not in rule.start or (rule.needs_clinic and not facts.at_clinic):
        return False
    if rule.move is Move.RELEASE and facts.holder_id != member_id:
        return Permission.RELEASE_OTHERS in held
    return rule.permission in held
