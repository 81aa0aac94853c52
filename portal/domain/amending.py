"""What becomes of a referral's answers when more are sent: laid over them or in their place, and what that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.domain import duplicates, safety
from portal.domain.intake import FIELDS, GATE, ROWS, NewReferral, Patient, as_typed
from portal.domain.safety import FIRES, Said

ANOTHER_PATIENT = (
    "This is another patient: send a new referral. To correct a wrong name or date of birth change one of them, or call "
    "the clinic"
)
TAKEN_BACK = (
    "A danger was told in this referral, and nothing takes it back without a reason. Answer yes again, or open the "
    "referral by its link, begin a new form there that changes its answers, and say why"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One answer that became another one; None where there was or is none, rows as a list."""

    name: str
    before: Any
    after: Any


def in_place(old: NewReferral, new: NewReferral) -> NewReferral:
    """Return the new answers in place of the old; decisions go on to the address that the referral came with.

    Whoever holds a link may not send the next one to an address of their own. The clinic is chosen by routing. What was
    said of safety is never replaced: what is new stands behind it.
    """
    further = tuple(said for said in new.safety if said not in old.safety)
    return replace(
        new,
        clinic=old.clinic,
        referrer=replace(new.referrer, email=old.referrer.email),
        safety=(*old.safety, *further),
    )


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


def problems(old: NewReferral, fresh: NewReferral) -> dict[str, str]:
    """Return why the old answers may not become these, by the name of the answer; `fresh` is the old with more said."""
    if is_another(old.patient, fresh.patient):
        return {"patient.name": ANOTHER_PATIENT}
    further = fresh.safety[len(old.safety) :]
    return dict.fromkeys(taken_back(old.safety, further), TAKEN_BACK)


def taken_back(said: Iterable[Said], further: Iterable[Said]) -> tuple[str, ...]:
    """Return the dangers by name that hold no more once further is said, and were taken back without a reason."""
    held, unsaid = list(said), set[str]()
    for each in further:
        before = safety.causes(safety.current(held))
        held.append(each)
        if not each.reason:
            unsaid |= set(before) - set(safety.causes(safety.current(held)))
    # A slip that the same form set right again is none.
    return tuple(name for name in FIRES if name in unsaid and not safety.is_yes(safety.current(held), name))


def is_another(old: Patient, new: Patient) -> bool:
    """Tell whether both the name and the date of birth are of somebody else; one of them alone may be a correction."""
    born_alike = replace(new, date_of_birth=old.date_of_birth)
    return new.date_of_birth != old.date_of_birth and not duplicates.is_same(old, born_alike)


def changes(old: NewReferral, new: NewReferral) -> tuple[Change, ...]:
    """Return each answer that is another one now, in the order of the form; rows as a whole."""
    before, after = _flat(old), _flat(new)
    return tuple(
        Change(name=name, before=before.get(name), after=after.get(name))
        for name in (*GATE, *FIELDS, *ROWS)
        if before.get(name) != after.get(name)
    )


def _flat(new: NewReferral) -> dict[str, Any]:
    said = {name: value for name, value in safety.current(new.safety).items() if value}
    return {**said, **as_typed(new), **new.more}
