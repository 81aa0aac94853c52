"""What somebody types is kept without a button, and nothing that comes late, twice or from another tab undoes a save."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html import page, words
from tests.web.practice import begin, contents, fill_step, open_page

pytestmark = pytest.mark.one_database("sqlite")

OURS = ("csrf_token", "showing")


class Tab:
    """A step in one tab of a browser, as its page was when it was opened; the script in it sends what is typed."""

    def __init__(self, client: FlaskClient, draft: str, step: str) -> None:
        self.client, self.path, self.turn = client, f"{draft}/{step}", 0
        self.form = contents(open_page(client, self.path))

    def type(self, **typed: str) -> TestResponse:
        """Type into fields, named with two underscores for a dot, and let the script save them."""
        changed = {name.replace("__", "."): value for name, value in typed.items()}
        self.form |= changed
        self.turn += 1
        return self.late(self.turn, changed)

    def late(self, turn: int, changed: dict[str, str]) -> TestResponse:
        """Let a request of the script arrive."""
        ours = {name: self.form[name] for name in OURS}
        return self.client.post(f"{self.path}/typed", data=changed | ours | {"turn": str(turn)})

    def press(self, **button: str) -> TestResponse:
        """Press a button, "Continue" unless it is named."""
        return self.client.post(self.path, data=self.form | button)


def kept(client: FlaskClient, draft: str, step: str) -> dict[str, str]:
    """Return what a fresh page of a step shows."""
    return {name: value for name, value in Tab(client, draft, step).form.items() if value}


def test_what_is_typed_is_there_without_a_button(client: FlaskClient) -> None:
    draft = begin(client)
    answer = Tab(client, draft, "patient").type(patient__name="Cedar Sam", patient__phone="907-555-01")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["saved"].startswith("Saved ")
    shown = kept(client, draft, "patient")
    assert (shown["patient.name"], shown["patient.phone"]) == ("Cedar Sam", "907-555-01")


def test_a_save_that_arrives_after_the_button_changes_nothing(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "reason")
    tab.form["reason"] = "Two trials failed."
    tab.press()
    assert tab.late(1, {"reason": "Two tri"}).status_code == 409
    assert kept(client, draft, "reason")["reason"] == "Two trials failed."


def test_an_earlier_save_that_arrives_after_a_later_one_changes_nothing(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "reason")
    assert tab.late(2, {"reason": "Two trials failed."}).status_code == 200
    assert tab.late(1, {"reason": "Two tri"}).status_code == 409
    assert kept(client, draft, "reason")["reason"] == "Two trials failed."


def test_a_row_that_was_removed_is_not_brought_back_by_a_save_under_way(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "checklist")
    tab.form |= {"medicines.0.name": "Sertraline", "medicines.1.name": "Lithium"}
    tab.press(add="medicines")
    tab = Tab(client, draft, "checklist")
    tab.press(remove="medicines.1")
    assert tab.late(1, {"medicines.1.dose": "300 mg"}).status_code == 409
    rows = {name: value for name, value in kept(client, draft, "checklist").items() if "medicines" in name}
    assert rows == {"medicines.0.name": "Sertraline"}


def test_typing_in_rows_that_moved_in_another_tab_waits_for_the_button(client: FlaskClient) -> None:
    draft = begin(client)
    first = Tab(client, draft, "checklist")
    first.form |= {"medicines.0.name": "Sertraline", "medicines.1.name": "Lithium"}
    first.press(add="medicines")
    here, there = Tab(client, draft, "checklist"), Tab(client, draft, "checklist")
    there.press(remove="medicines.0")
    assert here.type(medicines__0__dose="150 mg").status_code == 409
    assert kept(client, draft, "checklist").get("medicines.0.dose") is None


def test_a_tab_that_never_showed_an_answer_does_not_erase_it(client: FlaskClient) -> None:
    draft = begin(client)
    here, there = Tab(client, draft, "patient"), Tab(client, draft, "patient")
    there.type(patient__email="cedar@example.com")
    here.form |= {"patient.name": "Cedar Sampleton"}
    answer = here.press()
    shown = kept(client, draft, "patient")
    assert (shown["patient.name"], shown["patient.email"]) == ("Cedar Sampleton", "cedar@example.com")
    assert "in another tab too" in words(page(client.get(str(answer.location))))


def test_rows_of_two_tabs_are_both_kept_and_shown(client: FlaskClient) -> None:
    draft = begin(client)
    here, there = Tab(client, draft, "tried"), Tab(client, draft, "tried")
    there.form |= {"trials.0.name": "Sertraline"}
    here.form |= {"trials.0.name": "Lithium"}
    there.press()
    answer = here.press()
    assert "in another tab too" in words(page(client.get(str(answer.location))))
    shown = kept(client, draft, "tried")
    assert (shown["trials.0.name"], shown["trials.1.name"]) == ("Sertraline", "Lithium")


def test_the_same_button_pressed_twice_goes_on(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "checklist")
    tab.form |= {"medicines.0.name": "Sertraline", "medicines.0.dose": "150 mg"}
    assert tab.press().location == tab.press().location
    assert "medicines.1.name" not in kept(client, draft, "checklist")


def test_an_answer_can_be_taken_back_on_the_page_that_shows_it(client: FlaskClient) -> None:
    draft = begin(client)
    Tab(client, draft, "patient").type(patient__email="cedar@example.com")
    again = Tab(client, draft, "patient")
    again.type(patient__email="")
    assert "patient.email" not in kept(client, draft, "patient")
    again.type(patient__email="cedar@example.com")
    again.form["patient.email"] = ""
    again.press()
    assert "patient.email" not in kept(client, draft, "patient")


def test_a_page_whose_session_ended_saves_nothing_by_itself(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "patient")
    client.delete_cookie("session")
    assert tab.type(patient__name="Cedar").status_code == 400
    assert "patient.name" not in kept(client, draft, "patient")


def test_a_page_that_comes_back_unsaved_does_not_say_that_it_is_saved(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "patient")
    client.delete_cookie("session")
    tab.form["patient.name"] = "Cedar"
    tree = page(tab.press())
    said = next(found for found in tree.iter("span") if found.get("data-saved"))
    assert (said.get("data-saved"), words(said)) == ("no", "Not saved yet: press Continue")
    assert contents(tree)["showing"] == tab.form["showing"]


def test_an_answer_that_would_stop_the_form_waits_for_the_button(client: FlaskClient) -> None:
    draft = begin(client)
    Tab(client, draft, "checklist").type(now__medical_emergency="yes")
    assert "now.medical_emergency" not in kept(client, draft, "checklist")
    assert client.get(f"{draft}/patient").status_code == 200


@pytest.mark.parametrize("elsewhere", ["discarded", "stopped"])
def test_a_draft_that_ended_in_another_tab_is_not_said_to_be_saved(
    client: FlaskClient, elsewhere: str
) -> None:
    draft = begin(client)
    tab, there = Tab(client, draft, "patient"), Tab(client, draft, "checklist")
    if elsewhere == "discarded":
        client.post(f"{draft}/discard", data={"csrf_token": tab.form["csrf_token"]})
    else:
        there.form["now.medical_emergency"] = "yes"
        there.press()
    answer = tab.type(patient__name="Cedar")
    assert answer.status_code in {303, 404}
    assert answer.json is None


def test_names_that_no_step_asks_for_are_not_kept(client: FlaskClient) -> None:
    draft = begin(client)
    tab = Tab(client, draft, "patient")
    tab.late(1, {"consent": "yes", "seen.practice": "yes", "by.patient": "0" * 16, "medicines.0.name": "x"})
    fill_step(client, draft, "patient")
    location = client.get(draft).location
    assert location == f"{draft}/reason"
    assert "medicines.0.name" not in kept(client, draft, "checklist")


@pytest.mark.parametrize("wrong", ["x", "0" * 16, f"{'0' * 16} {'1' * 15}", "../../x y"])
def test_a_page_that_names_itself_oddly_is_one_without_a_name(client: FlaskClient, wrong: str) -> None:
    draft = begin(client)
    Tab(client, draft, "patient").type(patient__name="Cedar Sampleton")
    odd: Any = Tab(client, draft, "patient")
    odd.form |= {"showing": wrong, "patient.name": ""}
    odd.press()
    assert kept(client, draft, "patient")["patient.name"] == "Cedar Sampleton"
