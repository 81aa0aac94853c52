"""What was acknowledged is on the disk: the server is killed while systems send, and nothing is lost or doubled."""

import json
import threading
import time
from contextlib import closing
from datetime import date, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from tests.build import SAFE, TYPED
from tests.conftest import DATABASES, new_postgres_database
from tests.journeys import portal as running_portal
from tests.journeys.acts import begin
from tests.journeys.portal import Portal

SENDERS = 4
KILL_AFTER_ACKNOWLEDGED = 40
MOST_PER_SENDER = 500


def body(number: int) -> str:
    """A referral of a patient of its own, or it would be taken for one sent before."""
    patient = {name.removeprefix("patient."): TYPED[name] for name in TYPED if name.startswith("patient.")}
    patient["date_of_birth"] = (date(1940, 1, 1) + timedelta(days=number)).isoformat()
    referrer = {name.removeprefix("referrer."): TYPED[name] for name in TYPED if name.startswith("referrer.")}
    rest = {"condition": "trd", "reason": "Asks for an opinion.", "consent": True}
    safe = {name.removeprefix("safety."): SAFE[name] for name in SAFE}
    return json.dumps({"patient": patient, "referrer": referrer, "safety": safe} | rest)


def send_until_it_dies(portal: Portal, key: str, number: int, acknowledged: list[str]) -> None:
    """Send one referral after the other and note every reference that was acknowledged."""
    for count in range(MOST_PER_SENDER):
        headers = {
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": f"{number}-{count}",
            "Content-Type": "application/json",
        }
        try:
            with closing(HTTPConnection("127.0.0.1", portal.port, timeout=30)) as connection:
                connection.request(
                    "POST", "/api/v1/referrals", body(number * MOST_PER_SENDER + count), headers
                )
                answer = connection.getresponse()
                said = json.loads(answer.read())
        except (OSError, HTTPException, json.JSONDecodeError):
            return
        assert answer.status == 201, said
        acknowledged.append(said["reference"])


@pytest.mark.parametrize("kind", DATABASES)
def test_an_acknowledged_referral_survives_the_server_being_killed(kind: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}" if kind == "sqlite" else new_postgres_database()
    with running_portal.running(tmp_path, url) as portal:
        key = portal.flask("api-keys", "create", "Example system").strip()
        acknowledged: list[str] = []
        senders = [
            threading.Thread(target=send_until_it_dies, args=(portal, key, number, acknowledged))
            for number in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        deadline = time.monotonic() + 60
        while len(acknowledged) < KILL_AFTER_ACKNOWLEDGED and time.monotonic() < deadline:
            time.sleep(0.01)
        portal.kill()
        for sender in senders:
            sender.join()
        assert len(acknowledged) >= KILL_AFTER_ACKNOWLEDGED
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            kept = connection.execute(sa.text("SELECT reference, version FROM referrals")).all()
            events = connection.execute(sa.text("SELECT count(*) FROM events")).scalar()
            notices = connection.execute(sa.text("SELECT count(*) FROM notices")).scalar()
            placements = connection.execute(sa.text("SELECT count(*) FROM placements")).scalar()
        engine.dispose()
        assert set(acknowledged) <= {reference for reference, _version in kept}
        assert (events, notices, placements) == (len(kept), 2 * len(kept), len(kept))
        # At most the one that each sender had under way was written without being acknowledged.
        assert len(kept) <= len(acknowledged) + SENDERS
        portal.start()


def test_what_a_page_says_is_saved_survives_the_server_being_killed(tmp_path: Path, browser: Browser) -> None:
    with (
        running_portal.running(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite3'}") as portal,
        browser.new_context(base_url=portal.url) as person,
    ):
        page = person.new_page()
        begin(page)
        with page.expect_response("**/typed") as answer:
            page.get_by_label("Patient's name").fill("Cedar Sampleton")
        assert answer.value.ok
        portal.kill()
        portal.start()
        page.reload()
        expect(page.get_by_label("Patient's name")).to_have_value("Cedar Sampleton")
