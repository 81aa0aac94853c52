"""Starts the one PostgreSQL of a test run, in the process that all test processes come from."""

import os
import signal
from contextlib import ExitStack

import pytest

from tests.servers import postgres

URL_NAME = "TEST_POSTGRES_URL"
_running = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before the workers, which find its URL in their environment; a URL given from outside is kept."""
    if URL_NAME not in os.environ and not config.option.collectonly:
        # A run that is told to end stops as one that is interrupted does, and leaves nothing behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        # The tests kill our own programs, never the machine: what PostgreSQL gave to the system outlives them.
        os.environ[URL_NAME] = _running.enter_context(postgres.running(fsync="off"))


def pytest_unconfigure() -> None:
    """Stop and remove the server, in the process that started it."""
    _running.close()
