"""Who may take a file away: whoever holds the referral's link and knows its patient, and who reads it at its clinic."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import write
from portal.domain.files import FileState
from portal.domain.lifecycle import Move
from portal.models import StatusKey
from tests.build import NOW, move, send
from tests.cast import ANCHORAGE, Cast
from tests.html import page
from tests.papers import attached
from tests.web.test_files import listed

Practice = tuple[FlaskClient, str, str]


@pytest.fixture
def practice(app: Flask, client: FlaskClient) -> Practice:
    """A browser that opened a referral and proved that it knows the patient, the referral, and a file of it."""
    receipt = send()
    client.get(f"/s/{receipt.status_key}")
    with client.session_transaction() as cookie:
        cookie["proven"] = [receipt.reference]
    return client, receipt.reference, attached(receipt.reference, b"%PDF-plain")


def test_whoever_holds_the_link_and_knows_the_patient_takes_it(practice: Practice) -> None:
    browser, reference, name = practice
    answer = browser.get(f"/r/{reference}/files/{name}")
    assert answer.data == b"%PDF-plain"
    assert answer.headers["Content-Disposition"] == "attachment; filename=Letter.pdf"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_holds_the_link_alone_is_asked_for_the_patient_first(practice: Practice) -> None:
    browser, reference, name = practice
    with browser.session_transaction() as cookie:
        del cookie["proven"]
    assert browser.get(f"/r/{reference}/files/{name}").location == f"/r/{reference}/prove"


def test_the_key_of_another_referral_opens_none(practice: Practice) -> None:
    browser, reference, name = practice
    other = send()
    browser.get(f"/s/{other.status_key}")
    with browser.session_transaction() as cookie:
        cookie["proven"] = [reference, other.reference]
    assert browser.get(f"/r/{other.reference}/files/{name}").status_code == 404
    assert browser.get(f"/r/{reference}/files/{name}").status_code == 200


def test_a_stranger_and_a_revoked_key_open_none(app: Flask, practice: Practice) -> None:
    browser, reference, name = practice
    assert app.test_client().get(f"/r/{reference}/files/{name}").status_code == 404
    revoke()
    assert browser.get(f"/r/{reference}/files/{name}").status_code == 404


def revoke() -> None:
    with write() as session:
        session.execute(sa.update(StatusKey).values(revoked_at=NOW))


@pytest.mark.parametrize(
    ("name", "status"), [("dahlia", 200), ("birch", 200), ("fern", 404), ("hazel", 403), ("ember", 404)]
)
def test_members_take_it_who_read_it_at_its_clinic(
    cast: Cast, practice: Practice, name: str, status: int
) -> None:
    _, reference, file = practice
    answer = cast.browser(name).get(f"/staff/referrals/{reference}/files/{file}")
    assert answer.status_code == status
    assert (answer.data == b"%PDF-plain") == (status == 200)


def test_with_the_referral_its_files_move_to_another_clinic(cast: Cast, practice: Practice) -> None:
    _, reference, file = practice
    path = f"/staff/referrals/{reference}/files/{file}"
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    move(reference, Move.TRANSFER, cast.actor("dahlia"), clinic=ANCHORAGE, code="RD09", words="Nearer.")
    assert cast.browser("dahlia").get(path).status_code == 404
    assert cast.browser("fern").get(path).status_code == 200


def test_the_referrals_page_lists_files_for_clinical_staff_alone(cast: Cast, practice: Practice) -> None:
    _, reference, file = practice
    answer = cast.browser("dahlia").get(f"/staff/referrals/{reference}")
    assert listed(page(answer)) == ["Letter.pdf"]
    assert f"/staff/referrals/{reference}/files/{file}" in answer.text
    assert "Letter.pdf" not in cast.browser("hazel").get(f"/staff/referrals/{reference}").text


@pytest.mark.parametrize("state", [FileState.QUARANTINED, FileState.REMOVED])
def test_what_the_scanner_has_not_passed_is_seen_and_opened_by_nobody(
    cast: Cast, practice: Practice, state: FileState
) -> None:
    browser, reference, _ = practice
    name = attached(reference, state=state)
    dahlia = cast.browser("dahlia")
    said = {FileState.QUARANTINED: "Being checked for viruses", FileState.REMOVED: "found something harmful"}
    assert said[state] in dahlia.get(f"/staff/referrals/{reference}").text
    assert f"files/{name}" not in dahlia.get(f"/staff/referrals/{reference}").text
    assert dahlia.get(f"/staff/referrals/{reference}/files/{name}").status_code == 404
    assert browser.get(f"/r/{reference}/files/{name}").status_code == 404
