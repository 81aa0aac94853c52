"""Starting the portal on this machine: it serves, it stops, and it says what keeps it from doing so."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers.loopback import LOOPBACK, free_port
from tools.start import ROOT, answers, first_end, running

STARTER = [sys.executable, "-m", "tools.start"]


def settings(folder: Path, **others: str) -> dict[str, str]:
    return {**os.environ, "INSTANCE_PATH": str(folder), "DATABASE_URL": "", "HOST": LOOPBACK, **others}


@contextmanager
def started(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the starter while the block lasts; what it prints can be read."""
    starter = subprocess.Popen(STARTER, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        with starter:
            yield starter
            starter.terminate()
    finally:
        starter.kill()


def refusal(environment: dict[str, str]) -> str:
    """Run a starter that must not start; return what it says."""
    ended = subprocess.run(STARTER, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "The portal is at" not in ended.stdout
    return ended.stderr


def status_of_home(port: int) -> int:
    asking = HTTPConnection(LOOPBACK, port, timeout=30)
    asking.request("GET", "/")
    status = asking.getresponse().status
    asking.close()
    return status


def test_it_serves_until_told_to_stop_and_leaves_the_port_free(tmp_path: Path) -> None:
    port = free_port()
    with started(settings(tmp_path, PORT=str(port))) as starter:
        assert starter.stdout is not None
        printed = next(line for line in starter.stdout if "The portal is at" in line)
        assert f"http://{LOOPBACK}:{port} " in printed
        assert status_of_home(port) == 200
        starter.send_signal(signal.SIGINT)
        assert starter.wait() == 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))


def test_it_names_itself_as_passkeys_need_it_where_nothing_else_is_asked_for(tmp_path: Path) -> None:
    port = free_port()
    with started(settings(tmp_path, PORT=str(port), HOST="")) as starter:
        assert starter.stdout is not None
        printed = next(line for line in starter.stdout if "The portal is at" in line)
        assert f"http://localhost:{port} " in printed


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_a_terminate_and_a_closed_terminal_all_ask_to_stop(name: str) -> None:
    asking = (
        "import signal, sys; from tools.start import stop_asked_for; stop = stop_asked_for();"
        f"signal.raise_signal(signal.{name}); sys.exit(0 if stop.is_set() else 'not noticed')"
    )
    assert subprocess.run([sys.executable, "-c", asking], cwd=ROOT, check=False).returncode == 0


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        said = refusal(settings(tmp_path, PORT=str(port)))
    assert (
        said
        == f"Cannot listen at {LOOPBACK}, port {port}: Address already in use. Choose another: PORT=8080 make run\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "8e3"])
def test_a_port_that_is_none_is_told_apart(tmp_path: Path, port: str) -> None:
    said = refusal(settings(tmp_path, PORT=port))
    assert said == f"PORT is {port!r}. Give a number from 1 to 65535.\n"


def test_production_without_its_secrets_does_not_start(tmp_path: Path) -> None:
    said = refusal(settings(tmp_path, PORT=str(free_port()), PORTAL_ENV="production", SECRET_KEY=""))
    assert "SECRET_KEY" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "code"), [("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 9)", 137)]
)
def test_the_first_part_to_end_gives_the_exit_code(ending: str, code: int) -> None:
    with (
        subprocess.Popen([sys.executable, "-c", ending]) as brief,
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as lasting,
    ):
        assert first_end({"the lasting": lasting, "the brief": brief}, threading.Event()) == code
        lasting.terminate()


def test_a_server_that_ended_never_answers() -> None:
    with running(["no_module_of_this_name"]) as web:
        assert not answers(web, (LOOPBACK, free_port()), threading.Event())
