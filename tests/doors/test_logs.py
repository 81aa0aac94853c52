"""Every line goes through one chain: what the portal says is known facts, and what libraries say is scrubbed."""

import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_wtf.csrf import CSRFError

from portal.db import db
from portal.domain.errors import NotAllowed
from portal.doors import failures, logs
from portal.doors.entry import Entry, enter
from portal.doors.scrubbing import GONE, scrub
from tests.doors.conftest import PortalWith
from tests.servers.log import Log, kept

NAME = "Cedar Sampleton"
ID = "0123456789abcdef"


@pytest.fixture
def log() -> Iterator[Log]:
    with kept() as found:
        yield found


@pytest.fixture
def broken(portal_with: PortalWith) -> Flask:
    """A portal with three pages that break, each with a patient's name in its error."""
    app = portal_with()

    @app.get("/broken/rule")
    @enter(Entry.PUBLIC)
    def rule() -> str:
        patient = NAME
        raise KeyError(patient) from ValueError(f"{patient}, 907-555-0142")

    @app.get("/broken/database")
    @enter(Entry.PUBLIC)
    def database() -> str:
        db.session.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": NAME})
        return ""

    @app.get("/broken/library")
    @enter(Entry.PUBLIC)
    def library() -> str:
        logging.getLogger("a.library").warning("%s failed for %s", "/s/" + "k" * 32, "cedar@example.com")
        return ""

    return app


@pytest.mark.parametrize("page", ["rule", "database"])
def test_an_error_is_told_by_its_kind_and_places_and_by_no_value(broken: Flask, log: Log, page: str) -> None:
    answer = broken.test_client().get(f"/broken/{page}")
    (line,) = log.lines(event="failed")
    assert (answer.status_code, line["level"]) == (500, "error")
    assert line["request_id"] in answer.text
    for told in (NAME, "Cedar", "0142", "nowhere", "INSERT", "Error", "Traceback", ".py"):
        assert told not in answer.text
    assert line["errors"][0]["kind"] == line["kind"]
    assert any(
        re.fullmatch(rf"tests/doors/test_logs\.py:\d+ {page}", at) for at in line["errors"][0]["places"]
    )
    assert not {word for word in (NAME, "Cedar", "0142", "nowhere", "INSERT") if word in log.text}


def test_what_caused_an_error_is_told_too(broken: Flask, log: Log) -> None:
    broken.test_client().get("/broken/rule")
    assert [each["kind"] for each in log.lines(event="failed")[0]["errors"]] == ["KeyError", "ValueError"]


def test_a_line_of_a_library_has_the_number_of_its_request_and_nobodys_key(broken: Flask, log: Log) -> None:
    broken.test_client().get("/broken/library")
    said, answered = log.lines()
    assert (said["logger"], said["event"]) == ("a.library", f"/s/{GONE} failed for {GONE}")
    assert said["request_id"] == answered["request_id"]


def test_a_line_says_when_in_utc(app: Flask, log: Log) -> None:
    before = datetime.now(UTC)
    logs.logger("test").warning("tried")
    at = datetime.fromisoformat(log.lines()[0]["at"])
    assert before <= at <= datetime.now(UTC)
    assert at.utcoffset() == timedelta(0)


def test_development_reads_as_text_and_keeps_a_message_but_not_a_databases(broken: Flask) -> None:
    shown = logs.formatter(production=False)
    for error, told in (
        (KeyError("step"), "KeyError: 'step'"),
        (sa.exc.DataError("", {}, Exception(NAME)), "DataError"),
    ):
        record = logging.LogRecord("portal", logging.ERROR, "", 0, "failed", (), (type(error), error, None))
        assert told in shown.format(record)
        assert NAME not in shown.format(record)


def test_the_end_of_a_process_by_an_error_goes_through_the_chain(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    error = RuntimeError(NAME)
    sys.excepthook(RuntimeError, error, None)
    assert log.lines()[0]["errors"] == [{"kind": "RuntimeError", "places": []}]
    assert NAME not in log.text


def test_facts_that_nobody_knows_or_of_another_shape_are_not_told(log: Log) -> None:
    logs.logger("test").warning(
        "tried", patient=NAME, status=f"200 {NAME}", route="/r/<key>\n", number=7, reason=None
    )
    (line,) = log.lines(event="tried")
    assert NAME not in log.text
    assert {name: line[name] for name in line if name not in {"at", "level", "logger", "event"}} == {
        "status": GONE,
        "route": GONE,
        "number": 7,
        "reason": None,
    }


def test_values_put_into_the_event_are_scrubbed_and_cannot_make_a_second_line(log: Log) -> None:
    logs.logger("test").warning("tried\n{} 907-555-0142 %s", NAME)
    assert [line["event"] for line in log.lines()] == [f"tried {{}} {GONE} %s"]


@pytest.mark.parametrize(
    ("given", "proxies", "told"),
    [
        (ID, 0, None),
        (ID, 1, ID),
        (f"{ID} x", 1, None),
        ("a", 1, None),
        (f"{ID}é", 1, None),
        ("x" * 99, 1, None),
    ],
)
def test_a_number_given_to_a_request_counts_from_a_trusted_proxy_alone(
    portal_with: PortalWith, log: Log, given: str, proxies: int, told: str | None
) -> None:
    portal_with(trusted_proxies=proxies).test_client().get("/about", headers={"X-Request-ID": given})
    (line,) = log.lines(event="answered")
    assert line.get("proxy_id") == told
    assert re.fullmatch("[0-9a-f]{12}", line["request_id"])


@pytest.mark.parametrize(
    ("error", "reason"),
    [(NotAllowed(NAME), "may not do this"), (CSRFError(NAME), "a form token that does not fit")],
)
def test_a_refusal_is_told_once_with_who_it_was_if_that_is_known(
    app: Flask, log: Log, error: Exception, reason: str
) -> None:
    with app.test_request_context():
        failures.sort(error)
    (line,) = log.lines()
    assert (line["logger"], line["event"], line["reason"]) == ("portal.security", "refused", reason)
    assert (line["member_id"], line["level"]) == (None, "warning")


@pytest.mark.parametrize(
    "typed",
    [
        "907-555-0142", "(907) 555-0142", "+1 907 555 0142", "9075550142", "555-0142", "cedar@example.com",
        "1985-03-27", "3/27/1985", "27.3.85", "March 27, 1985", "27 Mar 1985", "Bearer abc", "k" * 32,
        "aB3" * 10, "0f" * 16, "eyJhIjoxfQ.aB-c1Q.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_w", "/clinics?near=Bethel",
    ],
)  # fmt: skip
def test_what_looks_like_somebody_is_scrubbed_from_free_text(typed: str) -> None:
    said = scrub(f"it said '{typed}' then")
    assert GONE in said
    assert typed not in said
    assert said.startswith("it said ")


def test_words_numbers_and_names_of_programs_are_left() -> None:
    said = "worker-1 ended with exit code 137 after 12 tries in portal.doors.logs; 10.0.0.1:8000, 2.8.7"
    assert scrub(said) == said


def test_long_text_is_cut_and_half_a_key_is_not_told() -> None:
    assert scrub("word " * 790 + "k" * 3000).count("k" * 32) == 0
    assert len(scrub("word " * 5000)) == 500
