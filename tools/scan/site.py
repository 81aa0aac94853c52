"""A portal of its own for a scanner: over TLS on loopback, with invented people, and gone when the scan ends."""

import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from tests.servers import certificate
from tests.servers.loopback import LOOPBACK, free_port
from tools.start import ROOT, STOP_WITHIN_SECONDS, server

READY_WITHIN_SECONDS = 60
UNSET = ("PORTAL_ENV", "DATABASE_URL", "KEYS", "KEY_FILE", "AUDIT_HEAD_FILE", "MAIL_URL", "LIMITS_URL")
"""What may lie around from somebody's own portal, and must not come in."""

ASKED = re.compile(r"^(\d{3}) (\S+) (.*)$", re.MULTILINE)
"""One request; a path is written as it was meant, so it may hold line ends."""

Asked = Counter[tuple[int, str, str]]
"""How often which status was answered to which method and path."""


@dataclass
class Site:
    """Where the portal is, what it lives on, and how far its list of requests has been counted."""

    folder: Path
    port: int = field(default_factory=free_port)
    counted: int = 0

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def asked_log(self) -> Path:
        return self.folder / "asked.log"

    @property
    def environment(self) -> dict[str, str]:
        given = {
            "PUBLIC_URL": self.url,
            "INSTANCE_PATH": str(self.folder / "instance"),
            "SECRET_KEY": "a secret of scanned portals, forty characters",
            "LIMITS_FACTOR": "0",
            "FLASK_APP": "portal.app:create_app",
        }
        return os.environ | dict.fromkeys(UNSET, "") | given

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command on the portal's database and return what it printed."""
        command = [sys.executable, "-m", "flask", *arguments]
        with (self.folder / "commands.log").open("a") as log:
            done = subprocess.run(
                command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=log, check=True
            )
        return done.stdout.decode().strip()

    def asked(self) -> Asked:
        """Count what reached the portal since the last call."""
        with self.asked_log.open(errors="replace") as log:
            log.seek(self.counted)
            lines = log.read()
            self.counted = log.tell()
        return Counter((int(found[1]), found[2], found[3]) for found in ASKED.finditer(lines))


@contextmanager
def portal(folder: Path) -> Iterator[Site]:
    """Run a portal in an empty folder until the block ends."""
    site = Site(folder)
    _, key = certificate.make(folder)
    site.flask("prepare")
    log_config = _list_requests(site)
    # The way a portal is started reads the settings of the environment it stands in.
    os.environ.update(site.environment)
    command = [
        *(sys.executable, "-m", *server((LOOPBACK, site.port))),
        *("--ssl-certificate", str(site.certificate), "--ssl-keyfile", str(key)),
        *(
            "--access-log",
            "--access-log-fmt",
            "%(status)d %(method)s %(path)s",
            "--log-config",
            str(log_config),
        ),
    ]
    with (folder / "portal.log").open("ab") as log:
        web = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=log, stderr=log)
    try:
        _wait_until_it_answers(site, web)
        yield site
    finally:
        web.terminate()
        web.wait(STOP_WITHIN_SECONDS)


def _list_requests(site: Site) -> Path:
    """Write how the web server lists the requests, and return where."""
    handler = {"class": "logging.FileHandler", "filename": str(site.asked_log), "formatter": "bare"}
    written = site.folder / "log.json"
    written.write_text(
        json.dumps(
            {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {"bare": {"format": "%(message)s"}},
                "handlers": {"asked": handler},
                "loggers": {"granian.access": {"handlers": ["asked"], "level": "INFO", "propagate": False}},
            }
        )
    )
    return written


def _wait_until_it_answers(site: Site, web: subprocess.Popen[bytes]) -> None:
    trust = ssl.create_default_context(cafile=str(site.certificate))
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while web.poll() is None and time.monotonic() < deadline:
        with (
            suppress(OSError, HTTPException),
            closing(HTTPSConnection("localhost", site.port, timeout=5, context=trust)) as asking,
        ):
            asking.request("HEAD", "/")
            asking.getresponse()
            return
        time.sleep(0.1)
    sys.exit(f"The portal for the scan did not start; see {site.folder / 'portal.log'}.")
