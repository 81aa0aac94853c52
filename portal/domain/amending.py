"""What becomes of a referral's answers when more are sent: laid over them or in their place, and what that changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.domain.intake import FIELDS, ROWS, NewReferral, as_typed


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One answer that became another one; None where there was or is none, rows as a list."""

    name: str
    before: Any
    after: Any


def in_place(old: NewReferral, new: NewReferral) -> NewReferral:
    """Return the new answers in place of the old; decisions go on to the address that the referral came with.

    Whoever holds a link may not send the next one to an address of their own. The clinic is chosen by routing.
    """
    return replace(new, clinic=old.clinic, referrer=replace(new.referrer, email=old.referrer.email))


def laid_over(old: NewReferral, new: NewReferral) -> NewReferral:
    """Return the old answers with the new ones over them: what was given once is not lost, nor is a wish for more."""
    return replace(
        in_place(old, new),
        priority=min(old.priority, new.priority, key=lambda tier: tier.rank),
        safety=(*old.safety, *new.safety),
        more=_more(old.more, new.more),
    )


def _more(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    more = {**old, **new}
    for name, rows in ROWS.items():
        before = old.get(name, [])
        if both := [*before, *(row for row in new.get(name, []) if row not in before)]:
            more[name] = both
            # "None" or "not known" stood in place of rows.
            more.pop(rows.status, None)
    return more


def changes(old: NewReferral, new: NewReferral) -> tuple[Change, ...]:
    """Return each answer that is another one now, in the order of the form; rows as a whole."""
    before, after = _flat(old), _flat(new)
    return tuple(
        Change(name=name, before=before.get(name), after=after.get(name))
        for name in (*FIELDS, *ROWS)
        if before.get(name) != after.get(name)
    )


def _flat(new: NewReferral) -> dict[str, Any]:
    return {**as_typed(new), **new.more}
