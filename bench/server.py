"""The portal's own server, on loopback, over a database of its own; settings come from the environment, as always."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.config import ROOT
from tests.servers.loopback import LOOPBACK, free_port
from tools import start

WORKERS = 2
EMPTY = "/bench/empty"
"""The empty page that `bench.wsgi` adds."""


def set_up(folder: Path, database_url: str) -> None:
    """Point this process, and those it starts, at an instance of their own, and fill it with the first network."""
    os.environ |= {
        "PORTAL_ENV": "development",
        "SECRET_KEY": "a secret of the benchmarks, long enough",
        "INSTANCE_PATH": str(folder),
        "DATABASE_URL": database_url,
        "FLASK_APP": "portal.app:create_app",
        "WORKERS": str(WORKERS),
        # Requests are counted as they are for everybody, and none is too many.
        "LIMITS_FACTOR": "1000000",
    }
    flask("prepare")


def flask(*arguments: str) -> str:
    """Run a `flask` command and return what it printed."""
    command = [sys.executable, "-m", "flask", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@contextmanager
def running() -> Iterator[int]:
    """Serve the application of `bench.wsgi` as `make run` serves the portal; yield the port."""
    where = (LOOPBACK, free_port())
    command = ["bench.wsgi:served" if part == "wsgi:served" else part for part in start.server(where)]
    # A line a request would bury the figures.
    with start.running(command, log=subprocess.DEVNULL) as web:
        if not start.answers(web, where, threading.Event()):
            raise RuntimeError("the server ended before it answered")
        yield where[1]
