"""Whatever shows or changes a referral leaves one entry before it is shown; every route was decided upon."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.actions import api_keys
from portal.db import db
from portal.domain.audit import Act
from portal.domain.lifecycle import Move
from portal.models import Notice
from tests import trail
from tests.api.sending import body, post
from tests.api.test_files import LETTER, add
from tests.build import NOW, move, send, stored
from tests.cast import Cast
from tests.papers import attached
from tests.web import desk
from tests.web.desk import field_value, open_page

NO_REFERRAL = {
    # What these modules show is public, a member's own account, or a form that only its writer sees.
    *("api_clinics", "directory", "intake", "later", "openapi", "pages", "security", "sending", "gate"),
    *("attaching", "same", "sheet"),
    # These ask something, or lead on to a page that is noted.
    *("staff.door", "finding.form", "emergency.form", "tracking.find", "tracking.open_link"),
    *("tracking.open_pasted",),
}
ELSEWHERE = {"emergency.plead", "links.send_again", "staff.retry", "stops.close", "stops.show"}
"""They show nothing; what they do has tests of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A referral in Fairbanks that Dahlia claimed and asked about, and everybody's browser."""

    reference: str
    dahlia: FlaskClient
    practice: FlaskClient
    lupine: FlaskClient
    system: Callable[[], TestResponse]
    files: Callable[[], TestResponse]
    """Send what `system` does, and a file for it."""

    @property
    def page(self) -> str:
        return f"/staff/referrals/{self.reference}"

    def token(self, browser: FlaskClient, path: str) -> str:
        return field_value(open_page(browser, path), "csrf_token")


@pytest.fixture
def scene(app: Flask, cast: Cast, client: FlaskClient) -> Scene:
    receipt, actor = send(), cast.actor("dahlia")
    move(receipt.reference, Move.CLAIM, actor)
    move(receipt.reference, Move.ASK, actor, code="IN01", words="Which trials?")
    client.get(f"/s/{receipt.status_key}")
    key = api_keys.create("Example practice system", actor=actor, now=NOW)
    system = app.test_client()
    return Scene(
        reference=receipt.reference,
        dahlia=cast.browser("dahlia"),
        practice=client,
        lupine=cast.browser("lupine"),
        system=lambda: submit(system, key),
        files=lambda: add(system, key, submit(system, key).get_json()["reference"], LETTER),
    )


def submit(system: FlaskClient, key: str) -> TestResponse:
    return post(system, key, body())


def owed() -> int:
    return db.session.scalars(sa.select(Notice.id).where(Notice.state == "to_call")).first() or 0


def again(scene: Scene) -> TestResponse:
    scene.system()
    return scene.system()


def answer(scene: Scene, said: str) -> TestResponse:
    page = f"/r/{scene.reference}"
    return desk.press(scene.practice, page, f"{page}/answer", words=said)


def withdraw(scene: Scene, said: str) -> TestResponse:
    page = f"/r/{scene.reference}/withdraw"
    form = desk.find_form(open_page(scene.practice, page), None)
    return scene.practice.post(page, data=desk.hidden(form) | {"words": said})


def renew(scene: Scene) -> TestResponse:
    return desk.press(scene.practice, f"/r/{scene.reference}", f"/r/{scene.reference}/link")


def renew_for_practice(scene: Scene) -> TestResponse:
    return desk.press(scene.dahlia, scene.page, f"{scene.page}/link")


def prove(scene: Scene, born: str) -> TestResponse:
    page = f"/r/{scene.reference}/prove"
    form = desk.find_form(open_page(scene.practice, page), None)
    return scene.practice.post(page, data=desk.hidden(form) | {"date_of_birth": born})


def call(scene: Scene) -> TestResponse:
    data = {"csrf_token": scene.token(scene.dahlia, "/staff/find")}
    return scene.dahlia.post(f"/staff/notices/{owed()}/called", data=data)


def find(scene: Scene) -> TestResponse:
    return desk.press(scene.dahlia, "/staff/find", "/staff/find", reference=scene.reference)


def export(scene: Scene) -> TestResponse:
    return scene.lupine.post("/staff/audit", data={"csrf_token": scene.token(scene.lupine, "/staff/audit")})


def download(scene: Scene) -> TestResponse:
    return proven(scene).get(f"/r/{scene.reference}/files/{attached(scene.reference)}")


def proven(scene: Scene) -> FlaskClient:
    with scene.practice.session_transaction() as cookie:
        cookie["proven"] = [scene.reference]
    return scene.practice


def open_answers(scene: Scene) -> TestResponse:
    page = f"/r/{scene.reference}/amend"
    answer = proven(scene).post(page, data=desk.hidden(desk.find_form(open_page(scene.practice, page), None)))
    return scene.practice.get(str(answer.location))


Walk = Callable[[Scene], Any]
LOOKED, LISTED, MOVED = [Act.LOOKED], [Act.LISTED], [Act.MOVED]
WALKS: list[tuple[str, Walk, list[Act]]] = [
    ("triage.queue", lambda at: at.dahlia.get("/staff/queue"), LISTED),
    ("triage.referral", lambda at: at.dahlia.get(at.page), LOOKED),
    ("triage.ask_for", lambda at: at.dahlia.get(f"{at.page}/answer"), LOOKED),
    ("triage.make", lambda at: desk.make(at.dahlia, at.reference, "answer", words="Two."), LOOKED + MOVED),
    ("triage.make", lambda at: desk.make(at.dahlia, at.reference, "answer", words=" "), LOOKED + LOOKED),
    ("staff.outbox", lambda at: at.dahlia.get("/staff/outbox"), LISTED),
    ("staff.called", call, [Act.CALLED]),
    ("stops.show_all", lambda at: at.dahlia.get("/staff/stops"), LISTED),
    ("finding.find", find, LISTED),
    ("emergency.lately", lambda at: at.lupine.get("/staff/emergencies"), LISTED),
    ("audit.log", lambda at: at.lupine.get("/staff/audit"), LISTED),
    ("audit.export", export, [*LISTED, Act.EXPORTED]),
    ("tracking.status", lambda at: at.practice.get(f"/r/{at.reference}"), LOOKED),
    ("tracking.receipt", lambda at: at.practice.get(f"/r/{at.reference}/receipt"), LOOKED),
    ("conversation.ask_for", lambda at: at.practice.get(f"/r/{at.reference}/withdraw"), LOOKED),
    ("conversation.ask_for", lambda at: at.practice.get(f"/r/{at.reference}/add"), LOOKED),
    ("conversation.make", lambda at: answer(at, "Two."), LOOKED + MOVED),
    ("conversation.make", lambda at: answer(at, " "), LOOKED + LOOKED),
    ("conversation.make", lambda at: withdraw(at, "Seen elsewhere."), LOOKED + MOVED),
    ("conversation.make", lambda at: withdraw(at, " "), LOOKED + LOOKED),
    ("links.renew", renew, [Act.LOOKED, Act.LINK_RENEWED]),
    ("triage.renew_link", renew_for_practice, [Act.LOOKED, Act.LINK_RENEWED]),
    ("proof.ask", lambda at: at.practice.get(f"/r/{at.reference}/prove"), []),
    ("proof.prove", lambda at: prove(at, "3 27 1985"), []),
    ("proof.prove", lambda at: prove(at, "3 28 1985"), [Act.REFUSED]),
    ("amending.begin", lambda at: proven(at).get(f"/r/{at.reference}/amend"), LOOKED),
    ("amending.start", open_answers, [*LOOKED, *LOOKED]),
    ("downloads.of_staff", lambda at: at.dahlia.get(f"{at.page}/files/{attached(at.reference)}"), LOOKED),
    ("downloads.of_status", download, LOOKED),
    ("paper.summary", lambda at: at.practice.get(f"/r/{at.reference}/summary"), []),
    ("paper.summary", lambda at: proven(at).get(f"/r/{at.reference}/summary"), LOOKED),
    ("paper.travel", lambda at: proven(at).get(f"/r/{at.reference}/travel"), LOOKED),
    ("staff_paper.summary", lambda at: at.dahlia.get(f"{at.page}/summary"), LOOKED),
    ("staff_paper.travel", lambda at: at.dahlia.get(f"{at.page}/travel"), LOOKED),
    ("api_referrals.submit", lambda at: at.system(), MOVED),
    ("api_referrals.submit", again, MOVED + LOOKED),
    ("api_files.add", lambda at: at.files(), MOVED + MOVED),
    ("api_files.add", lambda at: [at.files(), at.files()][1], MOVED + MOVED + LOOKED + LOOKED),
]


def test_every_route_was_decided_upon(app: Flask) -> None:
    walked = {endpoint for endpoint, _, _ in WALKS} | ELSEWHERE
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    shown = {name for name in routes if not {name, name.partition(".")[0]} & NO_REFERRAL}
    assert shown == walked, "a new route shows referrals (walk it here) or shows none (say so here)"


@pytest.mark.parametrize(("endpoint", "walk", "acts"), WALKS)
def test_whatever_is_shown_or_changed_leaves_one_entry(
    scene: Scene, endpoint: str, walk: Walk, acts: list[Act]
) -> None:
    before = len(trail.entries())
    answer = walk(scene)
    assert answer.status_code < 500
    found = trail.entries()[before:]
    assert [entry.act for entry in found] == acts, endpoint
    for entry in found:
        assert entry.address == "127.0.0.1"
        assert entry.request_id
        about_one = entry.act not in {Act.LISTED, Act.EXPORTED}
        assert (entry.referral_id is not None, entry.clinic_id is not None) == (about_one, about_one)


def test_a_list_says_which_referrals_it_showed_and_by_which_filters(scene: Scene) -> None:
    scene.dahlia.get("/staff/queue?tier=urgent&tier=routine&held=me")
    assert trail.entries()[-1].facts == {
        "page": "queue",
        "filters": {"tier": ["routine", "urgent"], "held": ["me"]},
        "referrals": [stored(scene.reference).id],
    }


@pytest.mark.parametrize(
    "path", ["/staff/queue?clinic={}&tier={}", "/staff/audit?reference={}&member={}&clinic={}"]
)
def test_text_that_is_no_filter_is_not_kept(scene: Scene, path: str) -> None:
    browser = scene.lupine if "audit" in path else scene.dahlia
    assert browser.get(path.replace("{}", "Cedar+Sampleton")).status_code == 200
    assert "Cedar" not in str(trail.entries()[-1].facts)


def test_whoever_holds_the_link_stands_by_its_key(scene: Scene) -> None:
    scene.practice.get(f"/r/{scene.reference}")
    last = trail.entries()[-1]
    assert (last.actor.partition(":")[0], last.facts) == ("referrer", {"page": "status"})


@pytest.mark.parametrize("path", ["", "/accept"])
def test_another_clinics_member_is_told_nothing_and_it_is_written_down(
    scene: Scene, cast: Cast, path: str
) -> None:
    fern = cast.browser("fern")
    assert fern.get(f"{scene.page}{path}").status_code == 404
    last = trail.entries()[-1]
    assert (last.act, last.actor) == (Act.REFUSED, str(cast.actor("fern")))
    assert last.referral_id == stored(scene.reference).id


def test_a_reference_that_never_was_leaves_an_entry_too(scene: Scene) -> None:
    assert scene.dahlia.get("/staff/referrals/2222-2222").status_code == 404
    last = trail.entries()[-1]
    assert (last.act, last.referral_id) == (Act.REFUSED, None)


def test_a_page_that_is_not_part_of_a_role_is_written_down(scene: Scene) -> None:
    assert scene.dahlia.get("/staff/audit").status_code == 403
    assert (trail.entries()[-1].act, trail.entries()[-1].facts) == (Act.REFUSED, {"asked": "read_audit"})


def test_a_stranger_leaves_no_entry(scene: Scene, app: Flask) -> None:
    before = len(trail.entries())
    for path in (scene.page, f"/r/{scene.reference}", "/s/wrong", "/staff/queue"):
        app.test_client().get(path)
    assert len(trail.entries()) == before


def rename(table: str, name: str) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO {name}"))


def test_what_cannot_be_written_down_is_not_shown(
    scene: Scene, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    rename("audit_entries", "away")
    try:
        answer = scene.dahlia.get(scene.page)
    finally:
        rename("away", "audit_entries")
    assert answer.status_code == 500
    assert "Sampleton" not in answer.text
