"""Figures for people: ratios first, each taken within one round and told as the median of all rounds."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median, quantiles

from bench.crew import Turn

Round = Mapping[str, Turn]
"""One turn of every name, in a random order, within a few seconds."""


def play(turn: Callable[[str], Turn], names: Sequence[str], *, rounds: int) -> list[Round]:
    """Let every name have its turn in every round, and in one more before them, which warms up."""
    played = ({name: turn(name) for name in random.sample(names, len(names))} for _ in range(rounds + 1))
    return [{name: each[name] for name in names} for each in played]


def table(title: str, rounds: Sequence[Round], *, peer: str) -> str:
    """Write each name's rate as a share of its peer's in the same round; the first round is left out."""
    lines = [f"\n{title}", "   share   (middle half)   a second"]
    for name in rounds[0]:
        rates = [each[name].per_second for each in rounds[1:]]
        shares = [each[name].per_second / each[peer].per_second for each in rounds[1:]]
        lines.append(f"{spread(shares)} {median(rates):10,.0f}   {name}")
    return "\n".join(lines)


def share(rounds: Sequence[Round], name: str, *, peer: str) -> float:
    """Return the median of a name's shares of its peer; the first round is left out."""
    return median(each[name].per_second / each[peer].per_second for each in rounds[1:])


def spread(ratios: Iterable[float]) -> str:
    """Write the median of ratios and where the middle half of them lies."""
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return f"{middle:8.3f} {f'({low:.3f}-{high:.3f})':>15}"
