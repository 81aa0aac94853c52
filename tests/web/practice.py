"""How a practice works in these tests: opens a page of the form, types, presses the button; all as a browser sends it."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.build import SAFE, TYPED
from tests.html import page

STEPS = {
    "patient": ("patient.name", "patient.date_of_birth", "patient.phone", "patient.place"),
    "reason": ("condition", "reason", "priority"),
    "tried": (),
    "checklist": (),
    "practice": ("referrer.name", "referrer.practice", "referrer.email"),
}


def open_page(client: FlaskClient, path: str) -> Any:
    """Open a page that must be there, and return its tree."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.location)
    return page(answer)


def contents(tree: Any, action: str | None = None) -> dict[str, str]:
    """Return what the page's form would send as it stands (without its buttons); of several, that of the action."""
    form = next(
        found
        for found in tree.findall(".//form")
        if found.get("method") == "post" and action in {None, found.get("action")}
    )
    sent = {}
    for field in [*form.iter("input"), *form.iter("textarea")]:
        ticked = field.get("type") not in {"radio", "checkbox"} or field.get("checked") is not None
        if ticked and field.get("name"):
            value = field.text or "" if field.tag == "textarea" else field.get("value", "")
            sent[field.get("name")] = value.strip("\n") if field.tag == "textarea" else value
    return sent | {select.get("name"): _chosen(select) for select in form.iter("select")}


def _chosen(select: Any) -> str:
    """Return what a folded list sends: what is chosen in it, or its first line."""
    options = select.findall(".//option")
    chosen = next((option for option in options if option.get("selected") is not None), options[0])
    return str(chosen.get("value"))


def fill(client: FlaskClient, path: str, typed: dict[str, str], *, action: str | None = None) -> TestResponse:
    """Open a page, type over what stands there, and press the button; a step that is shown again is opened."""
    answer = client.post(action or path, data=contents(open_page(client, path), action) | typed)
    again = answer.status_code == 303 and "again=yes" in str(answer.location)
    return client.get(str(answer.location)) if again else answer


def is_asked_again(answer: TestResponse) -> bool:
    """Tell whether a step is shown again, saying what is wrong, on a page that can be gone back to."""
    return (
        answer.status_code == 200 and answer.request.method == "GET" and "There is a problem" in answer.text
    )


def begin(client: FlaskClient, *, danger: str = "no", path: str = "/refer") -> str:
    """Answer the safety question and return the address of the new draft."""
    answer = fill(client, path, SAFE | {"safety.immediate_danger": danger}, action="/refer")
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[0]


def fill_step(client: FlaskClient, draft: str, step: str, **typed: str) -> TestResponse:
    """Fill in one step with the usual answers; fields may be changed by their last name, like `place="Bethel"`."""
    answers = {name: typed.pop(name.rpartition(".")[2], TYPED[name]) for name in STEPS[step]}
    return fill(client, f"{draft}/{step}", answers | typed)


def fill_rest(client: FlaskClient, draft: str) -> None:
    """Fill in the steps after the patient."""
    for step in [*STEPS][1:]:
        fill_step(client, draft, step)


def fill_all(client: FlaskClient, *, path: str = "/refer", **patient: str) -> str:
    """Fill in every step and return the address of the draft, which can be checked and sent."""
    draft = begin(client, path=path)
    for step in STEPS:
        answer = fill_step(client, draft, step, **(patient if step == "patient" else {}))
        assert answer.status_code == 303, answer.text
    assert client.get(draft).location == f"{draft}/check"
    return draft


def send(client: FlaskClient, draft: str, **typed: str) -> TestResponse:
    """Press "send" on the last page, with the patient's agreement."""
    tree = open_page(client, f"{draft}/check")
    button = next(found for found in tree.iter("button") if found.get("name") == "send_to")
    return client.post(
        f"{draft}/check",
        data={"consent": "yes", "send_to": button.get("value")} | contents(tree) | {"consent": "yes"} | typed,
    )


def refer(client: FlaskClient, **patient: str) -> str:
    """Send a referral and return its reference."""
    answer = send(client, fill_all(client, **patient))
    assert answer.status_code == 303, answer.text
    return str(answer.location).split("/")[2]
