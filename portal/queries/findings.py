"""What the triage rules in force say of a referral."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.domain import resistance as judging
from portal.domain import tiering
from portal.domain.intake import NewReferral
from portal.domain.resistance import Resistance
from portal.domain.tiering import Findings
from portal.domain.trials import Kind, from_row
from portal.queries import medicines, rules


def of(new: NewReferral, today: date) -> Findings:
    """Return the tier and the flags, with the rules that fired."""
    adequate = resistance(new, today).adequate
    case = tiering.case_of(new, adequate_trials=adequate, today=today, rules=rules.get_triage())
    return tiering.find(case)


def resistance(new: NewReferral, today: date) -> Resistance:
    """Return which of the trials that were told are adequate, with the working of each."""
    return count_trials(new.more.get("trials", ()), today)


def count_trials(rows: Iterable[Mapping[str, Any]], today: date) -> Resistance:
    """Return the same for rows as they are read, while a form is not whole yet."""
    # A row that does not say what it is may be a medicine; the table of medicines tells.
    told = [from_row({"kind": Kind.MEDICINE, **row}) for row in rows]
    return judging.judge(told, medicines.get_antidepressants(), today)
