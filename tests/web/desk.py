"""How members work in these tests: open a page, fill in the form that stands there, press its button."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html import page


def open_page(browser: FlaskClient, path: str) -> Any:
    """Open a page that must be there, and return its tree."""
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return page(answer)


def find_form(tree: Any, action: str | None) -> Any:
    """Return the form that posts to an address (None: to the page's own), or None."""
    return next((form for form in tree.findall(".//form") if form.get("action") == action), None)


def hidden(form: Any) -> dict[str, str]:
    """Return what a form carries unseen."""
    fields = [field for field in form.findall(".//input") if field.get("type") == "hidden"]
    return {field.get("name"): field.get("value", "") for field in fields}


def send(browser: FlaskClient, form: Any, **typed: str) -> TestResponse:
    """Press a form's button with these fields filled in."""
    return browser.post(form.get("action"), data=hidden(form) | typed)


def press(browser: FlaskClient, path: str, action: str, **typed: str) -> TestResponse:
    """Open a page, fill in the form that posts to an address, and press its button."""
    form = find_form(open_page(browser, path), action)
    assert form is not None, f"no form to {action} on {path}"
    return send(browser, form, **typed)


def make(browser: FlaskClient, reference: str, move: str, **typed: str) -> TestResponse:
    """Make a move as a member does: from the referral's page, by way of the move's form where it has one."""
    path = f"/staff/referrals/{reference}"
    return press(browser, f"{path}/{move}" if typed else path, f"{path}/{move}", **typed)


def field_value(tree: Any, name: str) -> str:
    """Return what stands in a field."""
    for kind in ("input", "textarea"):
        for field in tree.findall(f".//{kind}"):
            if field.get("name") == name:
                return str(field.get("value", "") if kind == "input" else (field.text or "")).strip()
    raise AssertionError(f"no field {name}")
