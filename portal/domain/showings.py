"""One showing of a step among several: what it sends joins what is kept, and takes away nothing that it never showed."""

from dataclasses import dataclass, field

from portal.domain.errors import Changed
from portal.domain.intake.field import Typed
from portal.domain.intake.table import ROWS, grouped

BY, TURN = "by.", "turn."
"""Begin the names under which a draft notes the showing that a step was last saved from, and its last turn."""
LEFT = "left"
"""Stands for the turn of a button: what was typed before it may arrive after it, and is dropped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Showing:
    """A page of a step as somebody has it before them; one without a name is that of a caller that shows none."""

    step: str = ""
    groups: tuple[str, ...] = field(default=())
    """The kinds of rows that it shows, all rows of each."""
    name: str = ""
    filled_from: str = ""
    """The showing whose answers it was filled with."""
    turn: int = 0
    """Counts what is typed on it; a later turn holds all of an earlier one."""

    @property
    def rows(self) -> tuple[str, ...]:
        """What the names of the answers in its rows begin with."""
        return tuple(f"{group}." for group in self.groups)


NO_SHOWING = Showing()


def is_note(name: str) -> bool:
    """Tell whether a name in a draft is of one of these notes, and no answer."""
    return name.startswith((BY, TURN))


def press(kept: Typed, typed: Typed, showing: Showing) -> dict[str, str]:
    """Return the answers after a button of a showing was pressed, its rows in place of others.

    Where another showing was saved since this one was filled, a blank does not erase and rows are added to those kept:
    the showing never showed them.
    """
    if _saw_all(kept, showing):
        joined = _without_rows(kept, showing) | dict(typed)
    else:
        joined = _together(kept, typed, showing)
    return joined | ({BY + showing.step: showing.name, TURN + showing.step: LEFT} if showing.step else {})


def type_on(kept: Typed, typed: Typed, showing: Showing) -> dict[str, str]:
    """Return the answers with what is being typed on a showing over them.

    Raise Changed when the showing was left, when a later turn of it came before, or when another one was saved since it
    was filled: rows may have moved, and what stands in it may be old.
    """
    if not showing.step:
        return {**kept, **typed}
    if not _saw_all(kept, showing):
        raise Changed
    if kept.get(BY + showing.step, "") == showing.name and _is_late(
        kept.get(TURN + showing.step, "0"), showing.turn
    ):
        raise Changed
    return {**kept, **typed, BY + showing.step: showing.name, TURN + showing.step: str(showing.turn)}


def holds(kept: Typed, typed: Typed, showing: Showing) -> bool:
    """Tell whether what is kept is what a showing sent, and nothing of another one beside it."""
    rows = showing.rows
    unlike = typed.items() ^ kept.items()
    return all(kept.get(name, "") == typed[name] for name, _ in unlike if name in typed) and not any(
        name.startswith(rows) for name, _ in unlike if name in kept
    )


def replaces(kept: Typed, typed: Typed, showing: Showing) -> bool:
    """Tell whether a showing answers a question otherwise than one that was saved since this one was filled."""
    return not _saw_all(kept, showing) and any(
        value.strip() and kept.get(name, "").strip() not in {"", value.strip()}
        for name, value in typed.items()
        if not name.startswith(showing.rows)
    )


def _saw_all(kept: Typed, showing: Showing) -> bool:
    return kept.get(BY + showing.step, "") in {showing.name, showing.filled_from}


def _is_late(last: str, turn: int) -> bool:
    return last == LEFT or turn < int(last)


def _together(kept: Typed, typed: Typed, showing: Showing) -> dict[str, str]:
    rows = showing.rows
    answers = {name: value for name, value in typed.items() if value.strip() and not name.startswith(rows)}
    joined = {**kept, **answers}
    for group in showing.groups:
        there, sent = grouped(kept, ROWS[group]), grouped(typed, ROWS[group])
        free = max(there, default=-1) + 1
        new = [row for row in sent.values() if row not in there.values()]
        joined |= {
            f"{group}.{number}.{column}": value
            for number, row in enumerate(new, start=free)
            for column, value in row.items()
        }
    return joined


def _without_rows(kept: Typed, showing: Showing) -> dict[str, str]:
    rows = showing.rows
    return {name: value for name, value in kept.items() if not name.startswith(rows)}
