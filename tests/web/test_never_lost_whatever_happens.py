"""Whatever is done with a form, in whatever order, no answer is lost and nothing is filed twice.

An answer is taken away by one thing only: a page that showed it, sent without it.
"""

import re

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal import vault
from portal.db import db
from portal.domain.drafts import DraftKey
from portal.doors.world import now
from portal.models import Referral
from portal.queries import drafts
from tests.build import TYPED
from tests.html import page
from tests.web.practice import begin, contents, fill_step, open_page

pytestmark = pytest.mark.one_database("sqlite")

ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "patient": {
        "patient.name": ("Cedar Sampleton", "Birch Testerly", "7", ""),
        "patient.date_of_birth": ("3 27 1985", "soon", ""),
        "patient.phone": ("907-555-0142", "907", ""),
        "patient.place": ("99701", "Ankorage", ""),
        "patient.email": ("cedar@example.com", "cedar", ""),
    },
    "reason": {"reason": ("Two trials failed.", "Asks for an opinion.", "")},
    "practice": {
        "referrer.name": ("Aster Mockingham, MD", "7", ""),
        "referrer.email": ("referrals@example.com", "at home", ""),
        "coverage.member_id": ("SYN-000123", "?", ""),
    },
}
"""By step and name: answers that fit, answers that do not, and none."""
MEDICINES = ("Sertraline", "Lithium", "Bupropion")
ACTS_BEFORE_SENDING = 30
PLACE = st.integers(min_value=0, max_value=99)


class Tab:
    """A page of a step as one browser has it: what it showed and what was typed into it."""

    def __init__(self, browser: FlaskClient, path: str) -> None:
        self.browser, self.path, self.turn, self.sent = browser, path, 0, [dict[str, str]()]
        self.form = contents(open_page(browser, path))
        self.had = {(name, value) for name, value in self.form.items()}

    def type(self, name: str, value: str) -> None:
        self.form[name] = value
        self.had.add((name, value))

    def medicines(self) -> list[str]:
        return [value for name, value in self.form.items() if name.startswith("medicines.") and value]

    def save(self, changed: dict[str, str]) -> int:
        self.turn += 1
        ours = {name: self.form[name] for name in ("csrf_token", "showing")}
        self.sent.append(changed | ours | {"turn": str(self.turn)})
        return self.browser.post(f"{self.path}/typed", data=self.sent[-1]).status_code


class Form(RuleBasedStateMachine):
    """One form in several tabs of two browsers, and a person who does anything with it."""

    app: Flask

    @initialize(step=st.sampled_from([*sorted(ANSWERS), "checklist"]))
    def start(self, step: str) -> None:
        """Begin a form, and open a step of it here and in another browser."""
        db.session.rollback()
        self.before = self.filed()
        self.browsers = [self.app.test_client(), self.app.test_client()]
        self.path = begin(self.browsers[0])
        name = self.path.rpartition("/")[2]
        cookie = self.browsers[0].get_cookie(f"draft-{name}")
        assert cookie
        self.link, self.key = f"/d/{cookie.value}", DraftKey(name=name, digest=vault.digest(cookie.value))
        self.tabs: list[Tab] = []
        self.is_sent, self.acts = False, 0
        self.open(step, second=False)
        self.open(step, second=True)

    @precondition(lambda self: not self.is_sent)
    @rule(step=st.sampled_from([*sorted(ANSWERS), "checklist"]), second=st.booleans())
    def open(self, step: str, second: bool) -> None:
        """Open a step in a new tab, or in another browser by the private link."""
        if second:
            assert self.browsers[1].get(self.link).status_code == 303
        self.tabs.append(Tab(self.browsers[second], f"{self.path}/{step}"))

    @precondition(lambda self: self.tabs)
    @rule(which=PLACE, field=PLACE, choice=PLACE)
    def type(self, which: int, field: int, choice: int) -> None:
        """Type into a page, which saves by itself; what it says is saved is there."""
        tab = self.tabs[which % len(self.tabs)]
        answers = ANSWERS.get(tab.path.rpartition("/")[2])
        if answers is None:
            return
        name, values = list(answers.items())[field % len(answers)]
        before, value = self.kept(), values[choice % len(values)]
        tab.type(name, value)
        status = tab.save({name: value})
        assert self.kept().get(name, "") == (value if status == 200 else before.get(name, ""))
        self.check_others(before, {name})

    @precondition(lambda self: self.tabs)
    @rule(which=PLACE, again=PLACE)
    def arrive_late(self, which: int, again: int) -> None:
        """Let a save of a page arrive once more, after all that came since."""
        tab = self.tabs[which % len(self.tabs)]
        before = self.kept()
        late = tab.sent[again % len(tab.sent)]
        tab.browser.post(f"{tab.path}/typed", data=late)
        if late is not tab.sent[-1]:
            self.check_others(before, set())

    @precondition(lambda self: self.tabs)
    @rule(which=PLACE)
    def press(self, which: int) -> None:
        """Press "Continue" on any page that is still open somewhere, the ones gone back to among them."""
        tab = self.tabs[which % len(self.tabs)]
        before = self.kept()
        answer = tab.browser.post(tab.path, data=tab.form)
        if answer.status_code == 400:
            # The session has ended: what was typed comes back, and nothing else has changed.
            shown = contents(page(answer))
            assert {
                name: value for name, value in tab.form.items() if name != "csrf_token"
            }.items() <= shown.items()
            assert self.kept() == before
            tab.form["csrf_token"] = shown["csrf_token"]
            return
        self.check_taken_away(tab, before)

    @precondition(lambda self: any(tab.path.endswith("checklist") for tab in self.tabs))
    @rule(which=PLACE, name=st.sampled_from(MEDICINES))
    def add_medicine(self, which: int, name: str) -> None:
        """Fill in one row more and ask for another."""
        lists = [tab for tab in self.tabs if tab.path.endswith("checklist")]
        tab = lists[which % len(lists)]
        before = self.kept()
        tab.type(f"medicines.{len(tab.medicines())}.name", name)
        answer = tab.browser.post(tab.path, data=tab.form | {"add": "medicines"})
        self.check_taken_away(tab, before)
        if answer.status_code == 303 and not self.is_sent:
            assert name in medicines(self.kept())

    @rule(second=st.booleans())
    def end_session(self, second: bool) -> None:
        """Let the session of a browser end; the key of the draft stays."""
        self.browsers[second].delete_cookie("session")

    @precondition(lambda self: not self.is_sent and self.acts > ACTS_BEFORE_SENDING)
    @rule()
    def finish_and_send_twice(self) -> None:
        """Fill in what is open, and press "send" twice."""
        browser = self.browsers[0]
        for step in ("patient", "reason", "tried", "checklist", "practice"):
            fill_step(browser, self.path, step, **{"coverage.member_id": "", "patient.email": ""})
        tree = open_page(browser, f"{self.path}/check")
        button = next(found for found in tree.iter("button") if found.get("name") == "send_to")
        form = contents(tree) | {"consent": "yes", "send_to": button.get("value")}
        answers = [browser.post(f"{self.path}/check", data=form) for _ in range(2)]
        assert {answer.status_code for answer in answers} == {303}
        assert len({answer.location for answer in answers}) == 1
        assert re.match("/r/.*/receipt", str(answers[0].location))
        self.is_sent = True

    def teardown(self) -> None:
        """See that one referral came of it, or none."""
        if hasattr(self, "before"):
            assert self.filed() - self.before == int(self.is_sent)

    def check_others(self, before: dict[str, str], changed: set[str]) -> None:
        """See that nothing else has changed."""
        after = self.kept()
        assert {name: value for name, value in before.items() if name not in changed}.items() <= after.items()

    def check_taken_away(self, tab: Tab, before: dict[str, str]) -> None:
        """See that a page took nothing away that it never had."""
        if self.is_sent:
            return
        after = self.kept()
        for name, value in before.items():
            if value and not name.startswith("medicines."):
                assert after.get(name) in {value, tab.form.get(name)}, name
                assert after.get(name) or (name, value) in tab.had, name
        had = {value for _name, value in tab.had}
        assert all(name in medicines(after) or name in had for name in medicines(before))

    def kept(self) -> dict[str, str]:
        """Return the answers that are kept of the form; none once it is sent."""
        self.acts += 1
        db.session.rollback()
        found = drafts.find(db.session(), self.key, now())
        answers = found.typed.items() if found else ()
        return {name: value for name, value in answers if name in KNOWN or name.startswith("medicines.")}

    def filed(self) -> int:
        db.session.rollback()
        return db.session.scalar(sa.select(sa.func.count(Referral.id))) or 0


KNOWN = {name for answers in ANSWERS.values() for name in answers} | set(TYPED)


def medicines(kept: dict[str, str]) -> list[str]:
    return [value for name, value in kept.items() if name.startswith("medicines.")]


def test_no_answer_is_lost_and_nothing_is_filed_twice(app: Flask) -> None:
    def machine() -> Form:
        form = Form()
        form.app = app
        return form

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            derandomize=True,
            # A failure is told at once: to shorten it first would take minutes.
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
