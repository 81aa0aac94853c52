"""Start the portal on this machine: prepare the database, then the web server and the worker until told to stop."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv

from portal.config import read_settings

ROOT = Path(__file__).resolve().parent.parent
PREPARE = ["flask", "prepare"]
WORKER = ["flask", "worker"]
HEADER_BYTES = 32 * 1024
SERVER_LOG = ROOT / "tools" / "granian-log.json"
STOP_WITHIN_SECONDS = 10
RESTART_AFTER_SECONDS = 1

Part = subprocess.Popen[bytes]


def main() -> int:
    """Run the portal until Ctrl-C or SIGTERM (0) or until a part ends (its exit code, or 1 if it called that success)."""
    load_dotenv(ROOT / ".env")
    host, port = os.environ.get("HOST", ""), os.environ.get("PORT") or "8000"
    where = free_place(host or "127.0.0.1", port)
    # By name where nothing else is asked for: at an address of numbers no browser uses a passkey.
    address = f"http://{f'[{host}]' if ':' in host else host or 'localhost'}:{port}"
    os.environ.setdefault("FLASK_APP", "portal.app:create_app")
    os.environ.setdefault("PUBLIC_URL", address)
    stop = stop_asked_for()
    with running(PREPARE) as preparing:
        code = first_end({"preparing": preparing}, stop)
    if code or stop.is_set():
        return code
    with running(server(where)) as web:
        # The worker waits for the pages, which people wait for.
        if answers(web, where, stop):
            print(f"\nThe portal is at {address} (Ctrl-C stops it).", flush=True)
        code = work_beside(web, stop)
    return 0 if stop.is_set() else code or 1


def work_beside(web: Part, stop: threading.Event) -> int:
    """Keep a worker running until the pages end or stopping is asked for, and return the pages' exit code.

    A worker that dies is started again: people in the middle of a form must not lose the pages for a mail.
    """
    while True:
        with running(WORKER) as worker:
            code = first_end({"the web server": web, "the worker": worker}, stop)
        if web.poll() is not None or stop.wait(RESTART_AFTER_SECONDS):
            return code
        print("Starting the worker again.", file=sys.stderr)


def free_place(host: str, port: str) -> tuple[str, int]:
    """Return the numeric host and the port; exit with the way out when nobody can listen there.

    The server shares its port among its workers, so it would join a stranger's without a word.
    """
    if not (port.isdecimal() and 1 <= int(port) <= 65535):
        sys.exit(f"PORT is {port!r}. Give a number from 1 to 65535.")
    try:
        family, *_, where = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            # A port that was in use until a moment ago may be taken again.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        sys.exit(
            f"Cannot listen at {host}, port {port}: {error.strerror}. Choose another: PORT=8080 make run"
        )
    return str(where[0]), int(where[1])


def stop_asked_for() -> threading.Event:
    """Return an event that Ctrl-C, SIGTERM and a closed terminal set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


def server(where: tuple[str, int]) -> list[str]:
    """Return the web server's command; docs/adr/0002-set-up-and-server.md gives the reasons."""
    patience_ms = read_settings().request_seconds * 1000
    return [
        *("granian", "--interface", "asginl", "wsgi:served"),
        *("--host", where[0], "--port", str(where[1]), "--http", "1", "--no-ws"),
        *("--workers", os.environ.get("WORKERS") or "2"),
        *("--http1-header-read-timeout", str(patience_ms), "--http1-buffer-size", str(HEADER_BYTES)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(STOP_WITHIN_SECONDS // 2)),
        *("--log-level", "warning", "--no-access-log", "--log-config", str(SERVER_LOG)),
    ]


@contextmanager
def running(command: list[str], *, log: int | None = None) -> Iterator[Part]:
    """Run a part while the block lasts; then ask it to finish what it is doing, and end it by force if it does not.

    It has a session of its own, so that a Ctrl-C at the terminal comes to it through us, once. Its log goes where ours
    does, or to `log`, as subprocess takes it.
    """
    part = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stderr=log, start_new_session=True)
    try:
        yield part
    finally:
        part.terminate()
        try:
            part.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, signal.SIGKILL)


def first_end(parts: dict[str, Part], stop: threading.Event) -> int:
    """Wait until one part ends and return its exit code as a shell counts it, or 0 when stopping is asked for."""
    while not stop.wait(0.1):
        for name, part in parts.items():
            if (code := part.poll()) is not None:
                if code:
                    print(f"{name.capitalize()} ended with exit code {code}.", file=sys.stderr)
                return code if code >= 0 else 128 - code
    return 0


def answers(web: Part, where: tuple[str, int], stop: threading.Event) -> bool:
    """Wait until the portal answers here (true), or has ended or is asked to stop."""
    # It answers to its public name alone.
    host = {"Host": urlsplit(read_settings().public_url).netloc}
    while web.poll() is None and not stop.wait(0.1):
        with suppress(OSError, HTTPException), closing(HTTPConnection(*where, timeout=1)) as asking:
            asking.request("HEAD", "/", headers=host)
            asking.getresponse()
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
