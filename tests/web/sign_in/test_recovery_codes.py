"""Recovery codes stand in for a lost phone: shown once, used once, counted on the account."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.actions import second_factors
from portal.domain.letters import Site
from portal.domain.second_factors import read_recovery_code
from portal.vault import digest
from tests.build import NOW
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import open_page
from tests.web.sign_in.walk import RECOVERY, fill, give_password, last_letter, member

CODES = "/staff/account/recovery-codes"


@pytest.fixture
def codes(cast: Cast) -> list[str]:
    """Fern's printed codes."""
    shown = page(fill(cast.browser("fern"), CODES))
    return ["".join(node.itertext()) for node in shown.iter("code")]


def test_eight_codes_are_shown_once(cast: Cast, codes: list[str]) -> None:
    assert len(set(codes)) == 8
    again = open_page(cast.browser("fern"), CODES)
    assert "8 left" in words(again)
    assert not any(code in words(again) for code in codes)


def test_only_digests_are_kept(codes: list[str]) -> None:
    kept = member("fern").mf_recovery_codes
    assert kept == [digest(code.replace("-", "")) for code in codes]


def test_a_code_signs_in_once_and_its_member_hears_of_it(
    app: Flask, client: FlaskClient, codes: list[str]
) -> None:
    give_password(client)
    assert fill(client, RECOVERY, code=codes[0]).headers["Location"] == "/staff/account"
    assert "7 left" in words(open_page(client, "/staff/account"))
    assert last_letter().startswith("A recovery code was used")
    other = app.test_client()
    give_password(other)
    answer = fill(other, RECOVERY, code=codes[0])
    assert answer.status_code == 422
    assert "used before" in words(page(answer))
    assert fill(other, RECOVERY, code=codes[1]).status_code == 303


def test_a_code_is_read_as_people_write_it(client: FlaskClient, codes: list[str]) -> None:
    give_password(client)
    typed = f" {codes[3].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert fill(client, RECOVERY, code=typed).status_code == 303


def test_new_codes_end_the_old_ones(cast: Cast, client: FlaskClient, codes: list[str]) -> None:
    fill(cast.browser("fern"), CODES)
    give_password(client)
    assert fill(client, RECOVERY, code=codes[0]).status_code == 422


def test_somebody_elses_code_does_not_fit(client: FlaskClient, codes: list[str]) -> None:
    give_password(client, "dahlia")
    assert fill(client, RECOVERY, code=codes[0]).status_code == 422


def test_of_two_who_use_one_code_at_once_one_comes_in(app: Flask, cast: Cast, codes: list[str]) -> None:
    actor, key, start, came = cast.actor("fern"), digest(read_recovery_code(codes[0])), Barrier(4), []

    def use() -> None:
        with app.app_context():
            start.wait()
            came.append(second_factors.use_recovery_code(actor, key, site=Site(name="x", url="x"), now=NOW))

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [False, False, False, True]
    assert len(member("fern").mf_recovery_codes or []) == 7
