"""The search page and its JSON beside an empty page of the same application, on the same server in the same run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import clinics, figures, server
from bench.connection import Connection, get
from bench.crew import Operations, Turn, crew

CLIENTS = 8
SAYS = {
    server.EMPTY: b"<main",
    "/clinics?near=99701": b"Clinics near Fairbanks",
    "/clinics?near=Bethel": b"Clinics near Bethel",
    "/api/v1/clinics?near=99701": b'"distance_km"',
}
"""What is asked for, and what a right answer says."""


def run(*, rounds: int) -> None:
    """Measure with the first network's clinics, then with a thousand more."""
    with TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        server.set_up(folder, f"sqlite:///{folder / 'portal.sqlite3'}")
        with server.running() as port, crew(partial(operations, port), size=CLIENTS) as turn:
            measure("the 3 clinics of the first network", turn, rounds)
            server.flask("clinics", "import", str(clinics.write(folder / "clinics.csv")))
            measure(f"{clinics.COUNT:,} invented clinics more", turn, rounds)


def measure(with_what: str, turn: Callable[[str], Turn], rounds: int) -> None:
    title = (
        f"Requests a second, as a share of an empty page's in the same layout, with {with_what}\n"
        f"({CLIENTS} clients that keep their connection, granian with {server.WORKERS} workers, {rounds} rounds)"
    )
    played = figures.play(turn, list(SAYS), rounds=rounds)
    print(figures.table(title, played, peer=server.EMPTY), flush=True)


def operations(port: int) -> Operations:
    """Return one request a path, after each was answered rightly once."""
    connection = Connection(port)
    for path, said in SAYS.items():
        if said not in connection.ask(get(path)):
            raise RuntimeError(f"{path} does not say {said!r}")
    return {path: partial(connection.ask, get(path)) for path in SAYS}
