"""Clients in processes of their own that all do one thing for a turn of less than a second, then the next thing."""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

TURN_SECONDS = 0.5
PATIENCE_SECONDS = 120

Operations = Mapping[str, Callable[[], object]]
"""What a client can do, by name; one call is counted as one."""

# Clients are copies of this process, so that they start at once with all that it has built.
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What a crew got done in one turn."""

    count: int
    per_second: float


@contextmanager
def crew(prepare: Callable[[], Operations], *, size: int) -> Iterator[Callable[[str], Turn]]:
    """Start clients, each of which prepares its own operations; yield what lets all of them do the named one."""
    lines = []
    clients = []
    for _ in range(size):
        ours, theirs = _FORK.Pipe()
        client = _FORK.Process(target=_work, args=(prepare, theirs), daemon=True)
        client.start()
        theirs.close()
        lines.append(ours)
        clients.append(client)

    def turn(name: str) -> Turn:
        for line in lines:
            line.send(name)
        done = [_hear(line) for line in lines]
        return Turn(count=sum(turn.count for turn in done), per_second=sum(turn.per_second for turn in done))

    try:
        for line in lines:
            _hear(line)
        yield turn
    finally:
        for client in clients:
            client.terminate()
            client.join()


def _work(prepare: Callable[[], Operations], line: "Connection[Any, Any]") -> None:
    """Do what is asked for, in a client's process, until nobody asks any more."""
    leave_the_end_to_others()
    operations = prepare()
    line.send(Turn(count=0, per_second=0))
    while line.poll(PATIENCE_SECONDS):
        line.send(_turn(operations[line.recv()]))


def leave_the_end_to_others() -> None:
    """Let a client's process end at once when it is told to, and not by itself at Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _turn(operation: Callable[[], object]) -> Turn:
    started, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - started) < TURN_SECONDS:
        operation()
        count += 1
    return Turn(count=count, per_second=count / passed)


def _hear(line: "Connection[Any, Any]") -> Turn:
    """Return what a client says of its turn; raise when it is silent for too long or has failed."""
    if not line.poll(PATIENCE_SECONDS):
        raise TimeoutError("a client of the benchmark does not answer")
    try:
        said: Turn = line.recv()
    except EOFError:
        raise RuntimeError("a client of the benchmark failed; what it said stands above") from None
    return said
