"""What a scanner found and whether it was there at all: a scan that reached nothing has failed."""

from collections import Counter
from dataclasses import dataclass

from tools.scan.site import Asked

BROKEN = 500
TURNED_AWAY = frozenset({413, 414, 431})
"""Refused for its size, before anything of it is looked at."""
TURNED_AWAY_MOST = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One scanner's run as one visitor."""

    scanner: str
    visitor: str
    looked_at: str
    """What it says it scanned, with figures."""
    asked: Asked
    """What the portal says it was asked meanwhile."""
    findings: tuple[str, ...]
    seconds: float
    troubles: tuple[str, ...] = ()
    """Why the scan cannot be trusted."""
    notes: tuple[str, ...] = ()
    """What a reader should know, and is no finding."""

    @property
    def problems(self) -> list[str]:
        """Everything for which the scan does not count as clean."""
        broken = sorted(
            {f"answered {status}: {method} {path}" for status, method, path in self.asked if status >= BROKEN}
        )
        nothing = [] if any(status < 400 for status, _, _ in self.asked) else ["it reached no page"]
        away = sum(times for (status, _, _), times in self.asked.items() if status in TURNED_AWAY)
        blind = away > TURNED_AWAY_MOST * self.asked.total()
        unseen = [f"{away} requests were refused for their size alone"] if blind else []
        return [*self.findings, *broken, *nothing, *unseen, *self.troubles]

    def lines(self) -> list[str]:
        """Return the report, the verdict first."""
        statuses = Counter[int]()
        for (status, _, _), times in self.asked.items():
            statuses[status] += times
        paths = {path for _, _, path in self.asked}
        answers = ", ".join(f"{times} × {status}" for status, times in sorted(statuses.items()))
        return [
            f"{self.scanner} as {self.visitor}: {len(self.problems)} findings in {self.seconds:.0f} s",
            f"    {self.looked_at}; {statuses.total()} requests to {len(paths)} paths: {answers}",
            *(f"    FOUND {problem}" for problem in self.problems),
            *(f"    {note}" for note in self.notes),
        ]
