"""A log line says which route answered how, and never what was typed, looked for or opened."""

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.doors import failures
from tests.build import send
from tests.cast import Cast
from tests.web import practice


def test_neither_places_nor_keys_nor_patients_are_logged(
    client: FlaskClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get("/clinics", query_string={"near": "4711 Sampleton Avenue, Fairbanks 99701"})
    client.get("/api/v1/clinics", query_string={"lat": "64.8378", "lon": "-147.7164"})
    receipt = send()
    client.get(f"/s/{receipt.status_key}")
    practice.refer(client)
    cast.browser("dahlia").get(f"/staff/referrals/{receipt.reference}")
    # A request's own number is drawn by chance, and may hold any digits.
    said = re.sub(r"\b[0-9a-f]{12}\b", "", caplog.text)
    assert "GET /clinics 302" in said
    assert "GET /s/<key> 303" in said
    for secret in ("4711", "Sampleton", "99701", "64.8378", receipt.status_key, receipt.reference, "0142"):
        assert secret not in said, secret


def test_a_broken_database_is_logged_without_the_values_of_its_statement(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context():
        found = failures.sort(
            OperationalError("INSERT INTO referrals", {"name": "Cedar Sampleton"}, Exception("disk full"))
        )
    assert (found.status, found.broken) == (500, True)
    assert found.id in caplog.text
    assert "Sampleton" not in caplog.text
