"""The worker dies: people go on with the pages, and what is owed arrives once it is back."""

import os
import signal
import time
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.acts import refer
from tests.journeys.conftest import ONE_DATABASE
from tests.journeys.portal import Portal, family

BACK_WITHIN_SECONDS = 60

pytestmark = ONE_DATABASE


def worker_of(portal: Portal) -> int | None:
    assert portal.process is not None
    named = (
        pid for pid in family(portal.process.pid) if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return next((pid for pid in named if b"granian" not in Path(f"/proc/{pid}/cmdline").read_bytes()), None)


def test_a_dead_worker_is_started_again_and_the_pages_stay(portal: Portal, page: Page) -> None:
    before = worker_of(portal)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    reference = refer(page)
    deadline = time.monotonic() + BACK_WITHIN_SECONDS
    while not mailed(portal, reference):
        assert time.monotonic() < deadline, portal.log()
        time.sleep(0.2)
    assert worker_of(portal) not in {None, before}


def mailed(portal: Portal, reference: str) -> bool:
    assert portal.mailbox is not None
    return any(reference in str(message["Subject"]) for message in portal.mailbox.messages)
