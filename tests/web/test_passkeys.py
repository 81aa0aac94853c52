"""A passkey signs in its member, alone, at this site, once for each time it is asked."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.models import AuditEntry, Letter, Member, Passkey
from tests.cast import Cast
from tests.html import page, words
from tests.web.desk import open_page, press
from tests.web.device import NEW, SIGN_IN, Device, ask, register, sign_in
from tests.web.sign_in import walk

NOT_ACCEPTED = "That passkey was not accepted."


@pytest.fixture
def device(cast: Cast) -> Device:
    """Fern's phone, with her passkey on it."""
    phone = Device()
    assert register(cast.browser("fern"), phone).status_code == 303
    return phone


def forget_authenticators() -> None:
    db.session.rollback()
    db.session.execute(sa.update(Member).values(sealed_totp=None))
    db.session.commit()


def refusal(browser: FlaskClient, device: Device) -> str:
    answer = sign_in(browser, device)
    assert answer.status_code == 422
    assert browser.get("/staff/queue").status_code == 302
    return words(page(answer))


def own() -> list[Passkey]:
    # What the browsers did meanwhile is to be seen.
    db.session.rollback()
    return list(db.session.scalars(sa.select(Passkey).order_by(Passkey.id)))


def dismiss(email: str) -> None:
    db.session.rollback()
    db.session.execute(sa.update(Member).where(Member.email == email).values(active=False))
    db.session.commit()


def test_a_passkey_alone_signs_its_member_in(client: FlaskClient, device: Device) -> None:
    answer = sign_in(client, device)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff")
    db.session.rollback()
    signed_in = (
        sa.select(AuditEntry.facts).where(AuditEntry.act == "signed in").order_by(AuditEntry.id.desc())
    )
    assert db.session.scalars(signed_in).first() == {"how": ["passkey"]}
    assert "Fern" in words(open_page(client, "/staff/queue"))


def test_whoever_was_going_somewhere_goes_on_there(client: FlaskClient, device: Device) -> None:
    assert sign_in(client, device, at="?next=/staff/outbox").headers["Location"] == "/staff/outbox"


def test_a_passkey_may_follow_the_password(client: FlaskClient, device: Device) -> None:
    forget_authenticators()
    answer = walk.give_password(client, "fern", at="?next=/staff/outbox")
    assert answer.headers["Location"] == SIGN_IN
    fields, asked = ask(client, SIGN_IN)
    assert len(asked["allowCredentials"]) == 1
    assert client.get("/staff/queue").status_code == 302
    answer = client.post(SIGN_IN, data=fields | {"credential": device.sign(asked)})
    assert answer.headers["Location"] == "/staff/outbox"
    assert client.get("/staff/outbox").status_code == 200


def test_after_one_members_password_no_other_members_passkey_will_do(
    client: FlaskClient, cast: Cast, device: Device
) -> None:
    dahlias = Device()
    register(cast.browser("dahlia"), dahlias)
    forget_authenticators()
    walk.give_password(client, "fern")
    assert NOT_ACCEPTED in refusal(client, dahlias)


def test_whoever_starts_anew_is_not_taken_for_who_left_a_password(
    client: FlaskClient, cast: Cast, device: Device
) -> None:
    walk.give_password(client, "dahlia")
    open_page(client, "/staff/sign-in")
    assert sign_in(client, device).status_code == 303


@pytest.mark.parametrize("way", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_a_passkey_leads_nowhere_else(client: FlaskClient, device: Device, way: str) -> None:
    assert sign_in(client, device, at=f"?next={way}").headers["Location"] == "/staff"


def test_a_passkey_nobody_registered_is_refused(client: FlaskClient, cast: Cast) -> None:
    assert NOT_ACCEPTED in refusal(client, Device())


def test_an_answer_made_for_another_site_is_refused(client: FlaskClient, device: Device) -> None:
    device.origin = "http://localhost.elsewhere.example"
    assert NOT_ACCEPTED in refusal(client, device)


def test_a_device_that_did_not_check_its_owner_is_refused(client: FlaskClient, device: Device) -> None:
    device.owner_checked = False
    assert NOT_ACCEPTED in refusal(client, device)


def test_a_copied_passkey_is_noticed_by_its_count(client: FlaskClient, app: Flask, device: Device) -> None:
    sign_in(client, device)
    device.count = 0
    assert NOT_ACCEPTED in refusal(app.test_client(), device)


def test_a_member_who_left_has_no_passkey_any_more(client: FlaskClient, device: Device) -> None:
    dismiss("fern@example.com")
    assert NOT_ACCEPTED in refusal(client, device)


def test_a_passkey_under_another_members_handle_is_refused(client: FlaskClient, device: Device) -> None:
    device.handle = "c29tZWJvZHkgZWxzZQ"
    assert NOT_ACCEPTED in refusal(client, device)


def test_a_challenge_is_answered_once_even_with_the_cookie_of_before(
    app: Flask, client: FlaskClient, device: Device
) -> None:
    device.count = (
        -1
    )  # A synced passkey counts nothing: only the challenge tells a first answer from a second.
    fields, asked = ask(client, SIGN_IN)
    copied = client.get_cookie("session")
    assert copied is not None
    typed = fields | {"credential": device.sign(asked)}
    assert client.post(SIGN_IN, data=typed).status_code == 303
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.post(SIGN_IN, data=typed).status_code == 422
    assert thief.get("/staff/queue").status_code == 302


def test_a_challenge_belongs_to_the_browser_that_asked(
    app: Flask, client: FlaskClient, device: Device
) -> None:
    _, asked = ask(client, SIGN_IN)
    other = app.test_client()
    fields, _ = ask(other, SIGN_IN)
    assert other.post(SIGN_IN, data=fields | {"credential": device.sign(asked)}).status_code == 422


def test_nobody_who_asked_nothing_is_answered(client: FlaskClient, device: Device) -> None:
    fields, asked = ask(client, SIGN_IN)
    typed = fields | {"credential": device.sign(asked)}
    with client.session_transaction() as cookie:
        del cookie["passkey_challenge"]
    assert client.post(SIGN_IN, data=typed).status_code == 422


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "[]",
        "{}",
        "null",
        '{"id": 1}',
        json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}),
        json.dumps(
            {
                "id": "YQ",
                "rawId": "YQ",
                "type": "public-key",
                "response": {
                    "clientDataJSON": "e30",
                    "authenticatorData": "AA",
                    "signature": "",
                    "userHandle": "_w",
                },
            }
        ),
    ],
)
def test_what_no_browser_sends_is_refused_like_any_other(
    cast: Cast, client: FlaskClient, device: Device, sent: str
) -> None:
    fields, _ = ask(client, SIGN_IN)
    assert client.post(SIGN_IN, data=fields | {"credential": sent}).status_code == 422
    fern = cast.browser("fern")
    fields, _ = ask(fern, NEW, name="Broken")
    assert fern.post(NEW, data=fields | {"credential": sent}).status_code == 422


def test_what_is_asked_tells_nothing_about_members(client: FlaskClient, device: Device) -> None:
    _, asked = ask(client, SIGN_IN)
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"


def test_a_passkey_has_a_name_of_its_own(cast: Cast, device: Device) -> None:
    fern = cast.browser("fern")
    assert press(fern, NEW, NEW, name="Work phone").status_code == 422
    assert "has that name already" in words(page(press(fern, NEW, NEW, name="Work phone")))
    assert "Enter an answer" in words(page(press(fern, NEW, NEW, name=" ")))
    # The device is not even asked.
    fields, _ = ask(fern, NEW, name="Key ring")
    assert fern.post(f"{NEW}/ask", data=fields | {"name": "Work phone"}).status_code == 422


def test_the_same_passkey_is_not_registered_twice(cast: Cast, device: Device) -> None:
    assert register(cast.browser("dahlia"), device).status_code == 422
    assert len(own()) == 1


def test_the_last_second_factor_stays(cast: Cast, device: Device) -> None:
    fern = cast.browser("fern")
    forget_authenticators()
    assert register(fern, Device(), name="Key ring").status_code == 303
    token = {"csrf_token": ask(fern, NEW, name="x")[0]["csrf_token"]}
    assert fern.post(f"/staff/passkeys/{own()[0].id}/remove", data=token).status_code == 303
    stays = fern.post(f"/staff/passkeys/{own()[0].id}/remove", data=token)
    assert stays.status_code == 409
    assert "your only second factor" in words(page(stays))


def test_a_passkey_beside_an_authenticator_app_may_go(cast: Cast, device: Device) -> None:
    fern = cast.browser("fern")
    token = {"csrf_token": ask(fern, NEW, name="x")[0]["csrf_token"]}
    assert fern.post(f"/staff/passkeys/{own()[0].id}/remove", data=token).status_code == 303
    assert own() == []


def test_nobody_removes_another_members_passkey(cast: Cast, device: Device) -> None:
    dahlia = cast.browser("dahlia")
    token = {"csrf_token": ask(dahlia, NEW, name="x")[0]["csrf_token"]}
    assert dahlia.post(f"/staff/passkeys/{own()[0].id}/remove", data=token).status_code == 404
    assert len(own()) == 1


def test_a_new_passkey_is_written_down_and_told_by_mail(cast: Cast, device: Device) -> None:
    assert [passkey.name for passkey in own()] == ["Work phone"]
    fern = cast.member_id("fern")
    facts = db.session.scalars(sa.select(AuditEntry.facts).where(AuditEntry.member_id == fern)).all()
    assert {"change": "passkey_added"} in facts
    letter = db.session.scalars(sa.select(Letter).where(Letter.member_id == fern)).one()
    assert letter.words is not None
    assert "A passkey was added" in letter.words["body"]


def test_at_an_address_of_numbers_the_page_says_where_to_go(cast: Cast) -> None:
    fern = cast.browser("fern")
    cookie = fern.get_cookie("session")
    assert cookie is not None
    fern.set_cookie("session", cookie.value, domain="127.0.0.1")
    tree = page(fern.get(NEW, base_url="http://127.0.0.1:8000"))
    assert "Open the portal at http://localhost:8000" in words(tree)
