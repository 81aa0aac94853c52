"""Which trials of antidepressants were adequate, each with its working in words.

Resistance is counted and never typed; what is not known does not count, and the words say what to add.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain.antidepressants import Antidepressants, Medicine, Reading, recognise
from portal.domain.trials import KIND_LABELS, Answer, Kind, Trial, weeks_by_months

MG_IN = {"mg": 1.0, "mcg": 0.001, "g": 1000.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Working:
    """Whether one trial counts, and why, in a sentence."""

    counts: bool
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Resistance:
    """The count of adequate trials, a row of working for each trial in its order, by one version of the table."""

    rows: tuple[Working, ...]
    needed: int
    version: str

    @property
    def adequate(self) -> int:
        """How many trials count."""
        return sum(row.counts for row in self.rows)

    @property
    def is_resistant(self) -> bool:
        """Whether enough trials count for the depression to be called treatment-resistant."""
        return self.adequate >= self.needed

    @property
    def said(self) -> str:
        """The count in a sentence."""
        trials = "1 adequate trial" if self.adequate == 1 else f"{self.adequate} adequate trials"
        meets = "which meets" if self.is_resistant else "which does not meet"
        return (
            f"{trials}, {meets} the network’s rule for treatment-resistant depression ({self.needed} or more)"
        )


def judge(trials: Iterable[Trial], table: Antidepressants, today: date) -> Resistance:
    """Count the adequate trials: antidepressants of the table, long enough, at its dose or more, each medicine once.

    A trial that was not taken as prescribed is left out; episode and response do not enter the count.
    """
    rows: list[Working] = []
    counted: set[str] = set()
    for trial in trials:
        name = recognise(trial.name, table) if trial.kind is Kind.MEDICINE else Reading()
        lacks = [*_lacks(trial, name, table, today)]
        if name.medicine and not lacks and name.medicine.of in counted:
            lacks = ["this medicine is counted already"]
        if name.medicine and not lacks:
            counted.add(name.medicine.of)
        rows.append(_working(trial, name.medicine, lacks, table, today))
    return Resistance(rows=tuple(rows), needed=table.trials_least, version=table.version)


def _lacks(trial: Trial, name: Reading, table: Antidepressants, today: date) -> Iterator[str]:
    """Yield each reason why a trial does not count, or the one that makes the others beside the point."""
    if trial.kind is not Kind.MEDICINE:
        yield "only antidepressants are counted"
    elif name.guess:
        yield f"the name is not certain; if it is {name.guess.name}, enter that"
    elif name.medicine is None:
        yield "the table of antidepressants does not have this name; check how it is written"
    elif name.medicine.least_mg is None:
        yield name.medicine.instead
    else:
        yield from _dose_lacks(trial, name.medicine.least_mg)
        yield from _time_lacks(trial, table.weeks_least, today)


def _dose_lacks(trial: Trial, least_mg: float) -> Iterator[str]:
    dose_mg = _dose_mg(trial)
    if dose_mg is None:
        yield "say the highest dose a day in mg"
    elif dose_mg < least_mg:
        yield f"less than {least_mg:g} mg"


def _time_lacks(trial: Trial, weeks_least: int, today: date) -> Iterator[str]:
    weeks = trial.weeks if trial.weeks is not None else weeks_by_months(trial, today)
    if weeks is None:
        yield "say how long"
    elif weeks < weeks_least:
        yield f"less than {weeks_least} weeks"
    if trial.adherence is Answer.NO:
        yield "not taken as prescribed"


def _working(
    trial: Trial, medicine: Medicine | None, lacks: list[str], table: Antidepressants, today: date
) -> Working:
    told = _told(trial, medicine, today)
    if medicine is None or lacks:
        return Working(counts=False, said=f"{told}: does not count, {'; '.join(lacks)}")
    said = f"{told}: counts, {table.weeks_least} weeks or more at {medicine.least_mg:g} mg or more"
    if medicine.most_mg and (_dose_mg(trial) or 0) > medicine.most_mg:
        said += f"; check the dose, for the most is {medicine.most_mg:g} mg"
    return Working(counts=True, said=said)


def _told(trial: Trial, medicine: Medicine | None, today: date) -> str:
    if trial.kind is not Kind.MEDICINE:
        return f"{KIND_LABELS[trial.kind]}, {trial.name}"
    if medicine is None:
        return f"“{trial.name}”"
    name = medicine.name[0].upper() + medicine.name[1:]
    written = name if medicine.name.casefold() == trial.name.casefold() else f"{name} (“{trial.name}”)"
    dose = " (dose not known)" if trial.dose is None else f" {trial.dose:g} {trial.unit}".rstrip()
    return f"{written}{dose}{_weeks_told(trial, today)}"


def _weeks_told(trial: Trial, today: date) -> str:
    if trial.weeks is not None:
        return f" for {trial.weeks:g} weeks"
    weeks = weeks_by_months(trial, today)
    return ", weeks not known" if weeks is None else f" for about {weeks} weeks"


def _dose_mg(trial: Trial) -> float | None:
    factor = MG_IN.get(trial.unit)
    return None if trial.dose is None or factor is None else trial.dose * factor
