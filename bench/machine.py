"""The machine that a figure was taken on, in one line; without it a figure means nothing."""

import os
import platform
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


def described(postgres_url: str) -> str:
    """Return cores, CPU, memory, disk, versions, load and date; the URL is SQLAlchemy's."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return "; ".join(
        (
            f"{len(os.sched_getaffinity(0))} cores of {cpu_model()}",
            f"{memory_gib:.0f} GiB",
            f"files on {file_system(Path(tempfile.gettempdir()))}",
            platform.platform(terse=True),
            f"Python {platform.python_version()}",
            f"SQLite {sqlite3.sqlite_version}",
            f"PostgreSQL {postgres_version(postgres_url)}",
            f"load {os.getloadavg()[0]:.1f} before the start",
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        )
    )


def cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def file_system(path: Path) -> str:
    """Return the kind of file system a path lies on: on one in memory, a durable write costs nothing."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    kinds = {Path(point): kind for _device, point, kind, *_options in mounts}
    return next(kinds[folder] for folder in (path, *path.parents) if folder in kinds)


def postgres_version(url: str) -> str:
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as connection:
        return connection.info.parameter_status("server_version") or "?"
