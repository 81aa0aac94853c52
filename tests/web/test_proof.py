"""A link shows initials; only a browser that filed the referral, or knows the date of birth, is shown more."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.db import db
from portal.domain.audit import Act
from portal.doors.world import world
from portal.models import SignInTry
from portal.web.opened import PROVEN
from portal.web.proof import again_after
from portal.web.words import NBSP
from tests import build, trail
from tests.html import page, words
from tests.web import practice
from tests.web.practice import fill


def is_proven(client: FlaskClient, reference: str) -> bool:
    with client.session_transaction() as cookie:
        return reference in cookie.get(PROVEN, [])


def opened(client: FlaskClient) -> str:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    return receipt.reference


def prove(client: FlaskClient, reference: str, typed: str) -> int:
    return fill(client, f"/r/{reference}/prove", {"date_of_birth": typed}).status_code


def test_the_browser_that_filed_it_knows_its_patient(client: FlaskClient) -> None:
    reference = practice.refer(client)
    assert is_proven(client, reference)
    assert client.get(f"/r/{reference}/prove").location == f"/r/{reference}"


def test_a_link_alone_proves_nothing_and_the_date_of_birth_does(client: FlaskClient) -> None:
    reference = opened(client)
    assert not is_proven(client, reference)
    answer = fill(client, f"/r/{reference}/prove?next=receipt", {"date_of_birth": "March 27, 1985"})
    assert is_proven(client, reference)
    assert answer.location == f"/r/{reference}/receipt"


def test_one_goes_on_to_own_pages_only(client: FlaskClient) -> None:
    reference = opened(client)
    assert prove(client, reference, "3 27 1985") == 303
    for asked, leads in (("receipt", "/receipt"), ("//else.where", ""), ("/staff", ""), ("", "")):
        answer = client.get(f"/r/{reference}/prove", query_string={"next": asked})
        assert answer.location == f"/r/{reference}{leads}"


def test_a_wrong_date_is_answered_in_general_words_and_noted(client: FlaskClient) -> None:
    reference = opened(client)
    answer = fill(client, f"/r/{reference}/prove", {"date_of_birth": "3 28 1985"})
    assert answer.status_code == 422
    assert "This does not fit what was sent." in words(page(answer))
    last = trail.entries()[-1]
    assert (last.act, last.facts) == (Act.REFUSED, {"asked": "who the patient is"})
    assert "1985" not in str(last.facts)
    assert not is_proven(client, reference)


def test_what_is_no_date_counts_as_no_try(client: FlaskClient) -> None:
    reference = opened(client)
    for typed in ("", "soon", "13 45 1985", "3 27 2985"):
        assert prove(client, reference, typed) == 422
    db.session.rollback()
    assert db.session.scalars(sa.select(SignInTry)).all() == []


def test_after_five_wrong_dates_there_is_a_wait_in_every_browser_and_for_the_right_one_too(
    client: FlaskClient,
) -> None:
    receipt = build.send()
    client.get(f"/s/{receipt.status_key}")
    assert [prove(client, receipt.reference, f"3 {day} 1985") for day in range(1, 8)] == [422] * 5 + [429] * 2
    other = client.application.test_client()
    other.get(f"/s/{receipt.status_key}")
    assert prove(other, receipt.reference, "3 27 1985") == 429
    assert prove(client, opened(client), "3 27 1985") == 303, "another referral has its own count"


def test_who_has_to_wait_is_told_until_when(client: FlaskClient) -> None:
    reference = opened(client)
    for day in range(1, 6):
        prove(client, reference, f"3 {day} 1985")
    answer = fill(client, f"/r/{reference}/prove", {"date_of_birth": "3 27 1985"})
    here, zone = datetime.now(UTC), world().settings.home_zone
    free = [again_after(here + timedelta(seconds=each), now=here, zone=zone) for each in (0, 60)]
    said = words(page(answer))
    assert any(f"Try again after {each}, or call the clinic." in said for each in plain(free))


def plain(told: list[str]) -> list[str]:
    return [each.replace(NBSP, " ") for each in told]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (datetime(2026, 11, 24, 23, 40, tzinfo=UTC), "2:40 pm"),
        (datetime(2026, 11, 24, 23, 39, 1, tzinfo=UTC), "2:40 pm"),
        (datetime(2026, 11, 25, 23, 39, 1, tzinfo=UTC), "Wednesday 25 November, 2:40 pm"),
    ],
)
def test_the_time_to_try_again_is_never_too_soon_and_names_its_day(until: datetime, said: str) -> None:
    told = again_after(until, now=datetime(2026, 11, 24, 20, tzinfo=UTC), zone="America/Anchorage")
    assert plain([told]) == [said]


def test_who_knows_it_starts_the_count_anew(client: FlaskClient) -> None:
    reference = opened(client)
    for typed in ("3 1 1985", "3 2 1985", "3 3 1985", "3 4 1985"):
        prove(client, reference, typed)
    assert prove(client, reference, "3 27 1985") == 303
    with client.session_transaction() as cookie:
        cookie[PROVEN] = []
    assert [prove(client, reference, "3 1 1985") for _ in range(3)] == [422] * 3


def test_without_the_link_there_is_nothing_to_prove(client: FlaskClient) -> None:
    reference = build.send().reference
    assert client.get(f"/r/{reference}/prove").status_code == 404
    assert client.post(f"/r/{reference}/prove", data={"date_of_birth": "3 27 1985"}).status_code == 404
