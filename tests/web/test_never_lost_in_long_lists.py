"""A list as long as one may be comes in whole; a longer one is refused in words, and nothing that was kept is lost."""

import pytest
from flask.testing import FlaskClient

from portal.domain import intake
from portal.domain.intake.table import cell
from portal.doors.bounds import ROWS_BODY_MOST_BYTES
from tests.html import page, words
from tests.web.practice import begin, contents, open_page
from tests.web.test_never_lost import Tab, kept

pytestmark = pytest.mark.one_database("sqlite")

TRIALS = intake.ROWS["trials"]


def rows(count: int, *, most: int | None = None) -> dict[str, str]:
    """Return this many trials as a form sends them, every cell filled with its example or with as much as it takes."""
    return {
        cell(TRIALS, number, column): "x" * most if most and column.choices is None else column.example
        for number in range(count)
        for column in TRIALS.columns
    }


def test_every_row_that_a_list_may_have_is_kept(client: FlaskClient) -> None:
    draft = begin(client)
    form = contents(open_page(client, f"{draft}/tried"))
    assert client.post(f"{draft}/tried", data=form | rows(TRIALS.most)).status_code == 303
    shown = kept(client, draft, "tried")
    assert [shown[cell(TRIALS, TRIALS.most - 1, column)] for column in TRIALS.columns] == [
        column.example for column in TRIALS.columns
    ]


def test_a_step_may_be_larger_than_other_forms_and_not_without_end(client: FlaskClient) -> None:
    draft = begin(client)
    form = contents(open_page(client, f"{draft}/tried"))
    usual = client.application.config["MAX_CONTENT_LENGTH"]
    large = rows(TRIALS.most, most=300)
    assert usual < sum(map(len, [*large, *large.values()])) < ROWS_BODY_MOST_BYTES
    assert client.post(f"{draft}/tried", data=form | large).status_code == 303
    assert client.post(f"{draft}/later", data=form | large).status_code == 413
    assert client.post(f"{draft}/tried", data=form | rows(TRIALS.most, most=2000)).status_code == 413


@pytest.mark.parametrize("count", [TRIALS.most + 1, 1000])
def test_a_few_rows_too_many_are_told_beside_the_list(client: FlaskClient, count: int) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "tried")
    tab.form |= {f"trials.{number}.name": "Sertraline" for number in range(count)}
    answer = tab.press()
    assert answer.status_code == 422
    assert f"Send {TRIALS.most} rows or fewer; this has {count:,}" in words(page(answer))


def test_ten_thousand_rows_are_refused_in_words_and_what_was_kept_stays(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "tried")
    tab.form |= {"trials.0.name": "Lithium"}
    tab.press()
    tab = Tab(client, draft, "tried")
    tab.form |= {f"trials.{number}.name": "x" for number in range(10_000)}
    for answer in (tab.press(), client.post(f"{tab.path}/typed", data=tab.form)):
        assert answer.status_code == 413
        assert f"{TRIALS.most} rows or fewer" in words(page(answer))
    assert kept(client, draft, "tried")["trials.0.name"] == "Lithium"
