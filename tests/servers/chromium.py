"""A real Chromium for the journeys: the one installed here, else Debian's, else one from the npm registry."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
CACHE = Path(sys.prefix) / "chromium"
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
UNPACK = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"

ARGUMENTS = [
    # As root Chromium runs only without its sandbox. It sees nothing but our own pages.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It never asks its maker for anything, and no name leads off this machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
"""What to start it with."""


def executable() -> Path:
    """Return a Chromium that runs, installing one when there is none; raise with what to install when that fails."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        # Several test processes may come here at once; one installs, the others find it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        for way in (find, unpacked, install_from_debian, install_from_npm):
            if (path := way()) and runs(path):
                return path
    raise LookupError(
        "No Chromium here. On Debian or Ubuntu: apt-get install chromium. Elsewhere: install node and npm"
    )


def find() -> Path | None:
    """Find an installed Chromium on PATH."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in found if path), None)


def unpacked() -> Path | None:
    """Find the Chromium that an earlier run took from npm."""
    path = CACHE / "chromium"
    return path if path.exists() else None


def install_from_debian() -> Path | None:
    """Install Debian's package, where there is apt and we are root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "--quiet", *command], env=quiet, stdout=sys.stderr, check=False)
    return find()


def install_from_npm() -> Path | None:
    """Install and unpack npm's Chromium into the environment, where there is npm."""
    if not shutil.which("npm"):
        return None
    commands = (
        ["npm", "install", "--prefix", ".", NPM_PACKAGE],
        ["node", "--input-type=module", "-e", UNPACK],
    )
    for command in commands:
        # It unpacks into the folder for temporary files.
        subprocess.run(
            command, cwd=CACHE, env={**os.environ, "TMPDIR": str(CACHE)}, stdout=sys.stderr, check=False
        )
    return unpacked()


def runs(path: Path) -> bool:
    """Tell whether this Chromium starts at all: one whose libraries are missing does not."""
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
