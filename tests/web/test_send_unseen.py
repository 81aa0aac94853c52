"""Nothing is sent that the last page did not show, whatever another tab does meanwhile."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.actions import drafts
from portal.db import db
from portal.domain.drafts import DraftKey
from portal.domain.places import Located
from portal.doors.world import EXTENSION, World, world_of
from portal.models import Draft, Referral
from tests.build import ALARM, NOW, stored
from tests.html import page, words
from tests.web.practice import contents, fill, fill_all, fill_step, open_page, send

CHANGED = "Your answers changed in another tab. Check them again, then send."


def count_referrals() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(Referral)).one()


@pytest.mark.parametrize(
    ("change", "shown"),
    [({"name": "Birch Testerly"}, "Birch Testerly"), ({"place": "Bethel"}, "Bethel, Alaska (town)")],
)
def test_answers_changed_in_another_tab_are_shown_before_they_are_sent(
    client: FlaskClient, change: dict[str, str], shown: str
) -> None:
    draft = fill_all(client)
    in_this_tab = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    fill_step(client, draft, "patient", **change)
    answer = client.post(f"{draft}/check", data=in_this_tab)
    assert (answer.status_code, count_referrals()) == (409, 0)
    tree = page(answer)
    assert CHANGED in words(tree)
    assert shown in words(tree)
    assert "consent" not in contents(tree), "the patient agreed to other answers"
    sent = client.post(f"{draft}/check", data=contents(tree) | {"consent": "y"})
    assert sent.location.endswith("/receipt")


def test_a_safety_answer_given_in_another_tab_is_shown_before_it_is_sent(client: FlaskClient) -> None:
    draft = fill_all(client)
    in_this_tab = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    for said in ("yes", "no"):
        typed = {"safety.immediate_danger": said, "safety.reason": "Pressed the wrong one"}
        fill(client, f"{draft}/safety", typed, action=f"{draft}/safety")
    answer = client.post(f"{draft}/check", data=in_this_tab)
    assert answer.status_code == 409
    assert ": Pressed the wrong one" in words(page(answer))


def test_the_same_answers_saved_again_are_no_change(client: FlaskClient) -> None:
    draft = fill_all(client)
    in_this_tab = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    fill_step(client, draft, "patient")
    assert client.post(f"{draft}/check", data=in_this_tab).location.endswith("/receipt")


def test_an_answer_changed_while_it_is_sent_is_shown_first(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = fill_all(client)
    in_this_tab = contents(open_page(client, f"{draft}/check")) | {"consent": "y"}
    here = world_of(client.application)
    monkeypatch.setitem(client.application.extensions, EXTENSION, OtherTab(here, draft))
    answer = client.post(f"{draft}/check", data=in_this_tab)
    monkeypatch.undo()
    assert (answer.location, count_referrals()) == (draft, 0)
    reference = send(client, draft).location.split("/")[2]
    assert stored(reference).answers["patient"]["name"] == "Birch Testerly"


class OtherTab:
    """The world, in which another tab saves a name whenever a request looks up a place."""

    def __init__(self, here: World, draft: str) -> None:
        self.settings, self.keys = here.settings, here.keys
        self.locator = self
        self.here, self.name = here, draft.rpartition("/")[2]

    def locate(self, typed: str) -> Located:
        digest = db.session.scalars(sa.select(Draft.key_digest).where(Draft.name == self.name)).one()
        drafts.save(
            DraftKey(self.name, digest),
            typed={"patient.name": "Birch Testerly"},
            now=NOW,
            keep_for=timedelta(days=36_500),
            alarm=ALARM,
        )
        return self.here.locator.locate(typed)
