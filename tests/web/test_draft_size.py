"""A form holds as much as any practice writes, and not what fills a disk; what is too much is told, and stays on the page."""

import pytest
from flask.testing import FlaskClient

from portal.domain.drafts import ALL_MOST, ANSWER_MOST
from portal.domain.intake import ROWS
from tests.html import page, words
from tests.web.practice import begin, contents, open_page

pytestmark = pytest.mark.one_database("sqlite")

LONG = "x" * (ANSWER_MOST - 10)
AT_ONCE = 45
"""Answers of this length in one request."""


def grow(client: FlaskClient, draft: str) -> list[int]:
    """Save long answers as a script would, more than a draft keeps, and return what was answered."""
    form = contents(open_page(client, f"{draft}/tried"))
    ours = {name: form[name] for name in ("csrf_token", "showing")}
    names = [f"trials.{number}.{column.name}" for number in range(20) for column in ROWS["trials"].columns]
    parts = [names[start : start + AT_ONCE] for start in range(0, ALL_MOST // len(LONG) + AT_ONCE, AT_ONCE)]
    return [
        client.post(
            f"{draft}/tried/typed", data=dict.fromkeys(part, LONG) | ours | {"turn": str(turn)}
        ).status_code
        for turn, part in enumerate(parts, 1)
    ]


def test_what_is_typed_is_saved_until_a_draft_is_full(client: FlaskClient) -> None:
    assert grow(client, begin(client)) == [200, 200, 409, 409]


def test_a_full_draft_says_so_beside_the_longest_answer_and_keeps_it_on_the_page(client: FlaskClient) -> None:
    draft = begin(client)
    grow(client, draft)
    path, longest = f"{draft}/practice", "y" * ANSWER_MOST
    form = contents(open_page(client, path))
    assert client.post(path, data=form | {"referrer.name": "Fern Testerly"}).status_code == 303
    several = {name: LONG for name in form if name.startswith(("referrer.", "care.", "coverage."))}
    answer = client.post(path, data=form | several | {"referrer.practice": longest})
    assert answer.status_code == 422
    assert "All answers together are longer than the portal keeps" in words(page(answer))
    assert contents(page(answer))["referrer.practice"] == longest
    assert contents(open_page(client, path))["referrer.name"] == "Fern Testerly"


def test_rows_of_a_full_draft_say_so_as_well(client: FlaskClient) -> None:
    draft = begin(client)
    grow(client, draft)
    path = f"{draft}/checklist"
    form = contents(open_page(client, path))
    answer = client.post(path, data=form | {f"medicines.{number}.name": LONG for number in range(45)})
    assert answer.status_code == 422
    assert "All answers together are longer than the portal keeps" in words(page(answer))
