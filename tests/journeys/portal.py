"""A running portal: its web server and its worker, started as an operator starts them, on a real database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from portal.config import ROOT
from tests.servers import smtp
from tests.servers.loopback import LOOPBACK, free_port
from tests.servers.smtp import Mailbox

READY_WITHIN_SECONDS = 60


@dataclass
class Portal:
    """Where it is, and what it was started with."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    mailbox: Mailbox | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        given = {
            "PORT": str(self.port),
            "HOST": LOOPBACK,
            "WORKERS": "2",
            "PUBLIC_URL": self.url,
            "INSTANCE_PATH": str(self.folder),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": "a secret of the journeys, forty characters",
            "NOTICE_DELAY_SECONDS": "1",
            "MAIL_URL": f"smtp://{LOOPBACK}:{self.mailbox.port}" if self.mailbox else "",
            "FLASK_APP": "portal.app:create_app",
        }
        return os.environ | given | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def start(self) -> None:
        """Start it in a process group of its own and wait until it answers."""
        with (self.folder / "portal.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.start"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        """Kill all of its processes at once, as a power cut would."""
        assert self.process is not None
        for pid in family(self.process.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command on its database and return what it printed."""
        command = [sys.executable, "-m", "flask", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def code(self, name: str) -> str:
        """Return what a member's authenticator app shows now, and was not used yet."""
        return self.flask("members", "code", name).strip()

    def log(self) -> str:
        return (self.folder / "portal.log").read_text()

    def _answers(self) -> bool:
        try:
            with closing(HTTPConnection(LOOPBACK, self.port, timeout=5)) as connection:
                connection.request("GET", "/")
                return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[Portal]:
    """Run a portal with a mail server of its own."""
    with smtp.running() as mailbox:
        portal = Portal(folder=folder, database_url=database_url, mailbox=mailbox)
        portal.start()
        try:
            yield portal
        finally:
            if portal.process and portal.process.poll() is None:
                portal.stop()
