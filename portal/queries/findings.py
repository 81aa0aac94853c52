"""What the triage rules in force say of a referral."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.domain import case, diagnoses, tiering
from portal.domain import resistance as judging
from portal.domain.case import Counted
from portal.domain.intake import NewReferral
from portal.domain.resistance import Resistance
from portal.domain.tiering import Findings
from portal.domain.trials import Kind, from_row
from portal.queries import medicines, rules
from portal.queries.codes import get_codes, get_diagnoses


def of(new: NewReferral, today: date) -> Findings:
    """Return the tier and the flags, with the rules that fired."""
    counted = Counted(adequate_trials=resistance(new, today).adequate, code_flags=_code_flags(new))
    return tiering.find(case.of(new, counted=counted, today=today, rules=rules.get_triage()))


def _code_flags(new: NewReferral) -> tuple[tuple[str, str], ...]:
    primary = new.more.get("diagnosis.code")
    given = [("diagnosis.code", primary)] if primary else []
    given += [("diagnosis.others", code) for code in new.more.get("diagnosis.others", ())]
    marks = [
        (name, diagnoses.find_mark(found, get_diagnoses()))
        for name, code in given
        if (found := get_codes().find(code))
    ]
    return tuple((name, mark.flag) for name, mark in marks if mark and mark.flag)


def resistance(new: NewReferral, today: date) -> Resistance:
    """Return which of the trials that were told are adequate, with the working of each."""
    return count_trials(new.more.get("trials", ()), today)


def count_trials(rows: Iterable[Mapping[str, Any]], today: date) -> Resistance:
    """Return the same for rows as they are read, while a form is not whole yet."""
    # A row that does not say what it is may be a medicine; the table of medicines tells.
    told = [from_row({"kind": Kind.MEDICINE, **row}) for row in rows]
    return judging.judge(told, medicines.get_antidepressants(), today)
