"""Start the portal on this machine: prepare the database, then the web server and the worker until told to stop."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent
PREPARE = ["flask", "prepare"]
WORKER = ["flask", "worker"]
ANNOUNCE_WITHIN_SECONDS = 30
STOP_WITHIN_SECONDS = 10


def main() -> int:
    """Run the portal until Ctrl-C or SIGTERM (0) or until a part ends (its exit code, or 1 if it called that success)."""
    load_dotenv(ROOT / ".env")
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    where = free_place(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    os.environ.setdefault("FLASK_APP", "wsgi")
    os.environ.setdefault("PUBLIC_URL", address)
    stop = stop_asked_for()
    if (code := run([PREPARE], stop)) or stop.is_set():
        return code
    threading.Thread(target=announce, args=(address, where, stop), daemon=True).start()
    code = run([server(where), WORKER], stop)
    return 0 if stop.is_set() else code or 1


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
    """Return an event that Ctrl-C and SIGTERM set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def server(where: tuple[str, int]) -> list[str]:
    """Return the web server's command; docs/adr/0002-set-up-and-server.md gives the reasons."""
    return [
        *("granian", "--interface", "wsgi", "wsgi:app"),
        *("--host", where[0], "--port", str(where[1]), "--http", "1", "--no-ws"),
        *("--workers", os.environ.get("WORKERS") or "2", "--blocking-threads", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(STOP_WITHIN_SECONDS // 2)),
        *("--log-level", "warning", "--no-access-log"),
    ]


def announce(address: str, where: tuple[str, int], stop: threading.Event) -> None:
    """Print the address as soon as something answers there."""
    deadline = time.monotonic() + ANNOUNCE_WITHIN_SECONDS
    while time.monotonic() < deadline and not stop.wait(0.1):
        try:
            socket.create_connection(where, timeout=1).close()
        except OSError:
            continue
        print(f"\nThe portal is at {address} (Ctrl-C stops it).", flush=True)
        return


def run(commands: list[list[str]], stop: threading.Event) -> int:
    """Run all until stopping is asked for (0) or one ends (its exit code, as a shell counts it); then stop the rest.

    Each has a session of its own, so that a Ctrl-C at the terminal comes to it through us, once.
    """
    parts = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, start_new_session=True)
        for command in commands
    ]
    try:
        while not stop.wait(0.1):
            for part, command in zip(parts, commands, strict=True):
                if code := part.poll():
                    print(f"'{' '.join(command[:2])}' ended with exit code {code}.", file=sys.stderr)
                if code is not None:
                    return code if code >= 0 else 128 - code
        return 0
    finally:
        stop_all(parts)


def stop_all(parts: list[subprocess.Popen[bytes]]) -> None:
    """Ask every part to finish what it is doing, and end by force what has not in time."""
    for part in parts:
        part.terminate()
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for part in parts:
        try:
            part.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
