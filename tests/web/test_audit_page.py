"""The audit log as auditors read it, and on each referral who looked."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.actions import api_keys
from portal.actions.trail import note
from portal.db import db
from portal.domain.access import Role
from portal.domain.audit import Act
from portal.domain.lifecycle import Move
from portal.domain.orders import Actor, ActorKind
from portal.ledger.trail import About
from portal.models import Clinic, MembershipRow
from tests import trail
from tests.build import NOW, move, send
from tests.cast import ANCHORAGE, Cast
from tests.html import words
from tests.web.desk import field_value, open_page

PATH = "/staff/audit"


@pytest.fixture
def juniper(cast: Cast) -> FlaskClient:
    """The auditor of the network."""
    return cast.browser("juniper")


def lines(browser: FlaskClient, **filters: str) -> list[str]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    tree = open_page(browser, f"{PATH}?{query}")
    return [words(item) for item in tree.findall(".//ol/li")]


def test_it_says_who_did_what_to_which_referral_newest_first(
    app: Flask, cast: Cast, juniper: FlaskClient
) -> None:
    reference = send().reference
    cast.browser("dahlia").get(f"/staff/referrals/{reference}")
    move(reference, Move.CLAIM, cast.actor("dahlia"))
    seen = lines(juniper)
    moved = next(line for line in seen if "Moved a referral" in line)
    assert moved.startswith(f"Dahlia Testerly, RN Moved a referral {reference} Claim")
    assert "Monday 23 November 2026, 11:00 am, Ketwell Alaska, Fairbanks" in moved
    looked = next(line for line in seen if "Opened a referral" in line)
    assert "its page" in looked
    assert "from 127.0.0.1" in looked
    assert any("The practice that sent it Moved a referral" in line for line in seen)


def test_nothing_of_a_patient_stands_in_it(app: Flask, cast: Cast, juniper: FlaskClient) -> None:
    reference = send().reference
    dahlia = cast.actor("dahlia")
    move(reference, Move.CLAIM, dahlia)
    move(reference, Move.DECLINE, dahlia, code="DC01", words="Cedar is seen elsewhere")
    cast.browser("dahlia").get("/staff/queue")
    answer = juniper.get(PATH)
    for secret in ("Cedar Sampleton", "1985", "555", "trials", "elsewhere", "99701"):
        assert secret not in answer.text


FILTERED = {
    "member": "2",
    "act": "looked",
    "clinic": "ketwell-alaska-fairbanks",
    "since": "2026-11-23",
    "until": "2026-11-23",
}


@pytest.mark.parametrize("name", [*FILTERED, "reference"])
def test_each_filter_leaves_what_fits(app: Flask, cast: Cast, juniper: FlaskClient, name: str) -> None:
    reference = send(now=NOW).reference
    other = send(now=NOW + timedelta(days=300)).reference
    shown = About(referral_id=1, clinic_id=clinic_id("ketwell-alaska-fairbanks"), facts={"page": "referral"})
    actor = Actor(ActorKind.MEMBER, cast.member_id("dahlia"))
    note(Act.LOOKED, actor=actor, now=NOW, about=shown)
    note(Act.SIGNED_OUT, actor=cast.actor("birch"), now=NOW + timedelta(days=-2 if name == "since" else 2))
    chosen = {"reference": reference, "member": str(actor.id)} | {
        k: v for k, v in FILTERED.items() if k != "member"
    }
    seen = lines(juniper, **{name: chosen[name]})
    assert any("Dahlia Testerly, RN Opened a referral" in line for line in seen)
    assert not any("Signed out" in line for line in seen)
    assert name not in {"reference"} or not any(other in line for line in seen)


def clinic_id(slug: str) -> int:
    return db.session.scalars(sa.select(Clinic.id).where(Clinic.slug == slug)).one()


def test_a_day_is_the_days_of_the_network(app: Flask, juniper: FlaskClient) -> None:
    # 23 November 11 pm in Alaska is the 24th in Greenwich.
    trail.write(at=NOW.replace(hour=8) + timedelta(days=1))
    assert [line for line in lines(juniper, until="2026-11-23", since="2026-11-23") if "Saw a list" in line]
    assert not [line for line in lines(juniper, since="2026-11-25") if "11:00 pm" in line]


def test_what_cannot_be_read_is_said_beside_its_field(app: Flask, juniper: FlaskClient) -> None:
    tree = open_page(
        juniper, f"{PATH}?since=yesterday&reference=ABC&member=x&act=y&clinic=z&before=%F0%9F%98%80"
    )
    assert "Enter a day as year, month and day, like 2026-11-23" in words(tree)
    assert "Enter a whole reference, like K7QX-M4P2" in words(tree)


def test_pages_follow_each_other_without_losing_or_repeating(app: Flask, juniper: FlaskClient) -> None:
    trail.write(120)
    found: list[str] = []
    path = f"{PATH}?act=listed&since=2026-11-20"
    while path:
        tree = open_page(juniper, path)
        found += [words(item) for item in tree.findall(".//ol/li")]
        path = next((a.get("href") for a in tree.iter("a") if words(a) == "Older entries"), "")
    numbers = [line.partition("number: ")[2].partition(" ")[0] for line in found if "number: " in line]
    assert [int(number) for number in numbers] == list(range(119, 0, -1))


def test_an_empty_answer_says_so(app: Flask, juniper: FlaskClient) -> None:
    assert "Nothing here with these filters" in words(open_page(juniper, f"{PATH}?act=restored"))


def test_others_do_not_read_it(app: Flask, cast: Cast) -> None:
    for name in ("dahlia", "birch", "ember", "hazel"):
        assert cast.browser(name).get(PATH).status_code == 403


def test_an_auditor_of_one_clinic_sees_only_its_entries(app: Flask, cast: Cast, juniper: FlaskClient) -> None:
    here = clinic_id(ANCHORAGE)
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(MembershipRow).where(MembershipRow.role == Role.AUDITOR).values(clinic_id=here)
        )
    send()
    note(
        Act.LOOKED, actor=cast.actor("fern"), now=NOW, about=About(clinic_id=here, facts={"page": "referral"})
    )
    assert [line.partition(" its page")[0] for line in lines(juniper)] == [
        "Fern Specimen, RN Opened a referral"
    ]


def export(browser: FlaskClient, **filters: str) -> list[dict[str, str]]:
    token = field_value(open_page(browser, PATH), "csrf_token")
    answer = browser.post(PATH, data=filters | {"csrf_token": token})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=audit-")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_an_export_holds_what_was_filtered_with_its_seals(app: Flask, juniper: FlaskClient) -> None:
    trail.write(3)
    trail.seal()
    rows = export(juniper, act="listed")
    mine = [row for row in rows if row["request_id"] == "abc"]
    assert [row["facts"] for row in mine] == [f'{{"number": {number}}}' for number in (2, 1, 0)]
    assert [row["digest"] for row in mine] == [
        seal.digest.hex()
        for seal in reversed(trail.sealed())
        if str(seal.number) in {row["number"] for row in mine}
    ]
    assert {row["act"] for row in rows} == {"listed"}


def test_an_export_is_written_down_with_its_filters(app: Flask, juniper: FlaskClient) -> None:
    rows = export(juniper, act="listed")
    last = trail.entries()[-1]
    assert (last.act, last.facts) == (
        Act.EXPORTED,
        {"what": "audit", "rows": len(rows), "filters": {"act": "listed"}},
    )


def test_no_cell_of_an_export_is_a_formula(app: Flask, juniper: FlaskClient, cast: Cast) -> None:
    name = '=HYPERLINK("x")'
    key = api_keys.create(name, actor=cast.actor("birch"), now=NOW)
    assert key
    note(Act.LOOKED, actor=Actor(ActorKind.API, 1), now=NOW)
    assert f"'{name}" in {row["name"] for row in export(juniper)}


def looks(browser: FlaskClient, reference: str) -> list[str]:
    tree = open_page(browser, f"/staff/referrals/{reference}")
    section = next(found for found in tree.iter("section") if found.get("aria-labelledby") == "looks")
    return [words(item) for item in section.iter("li")]


def test_a_referral_says_who_looked_by_person_and_day(app: Flask, cast: Cast) -> None:
    reference = send().reference
    about = About(referral_id=1, clinic_id=1)
    practice = Actor(ActorKind.REFERRER, 1)
    for actor, hours in ((cast.actor("dahlia"), 0), (cast.actor("dahlia"), 1), (cast.actor("birch"), 2)):
        note(Act.LOOKED, actor=actor, now=NOW - timedelta(days=3, hours=hours), about=about)
    note(Act.LOOKED, actor=cast.actor("dahlia"), now=NOW - timedelta(days=2), about=about)
    note(Act.LOOKED, actor=practice, now=NOW - timedelta(days=4), about=about)
    assert looks(cast.browser("dahlia"), reference) == [
        "Dahlia Testerly, RN, Triage nurse Saturday 21 November 2026, at 11:00 am",
        "Dahlia Testerly, RN, Triage nurse Friday 20 November 2026, 2 times, last at 11:00 am",
        "Birch Placebo, MD, Medical lead Friday 20 November 2026, at 9:00 am",
        "The practice that sent it Thursday 19 November 2026, at 11:00 am",
    ]


def test_looking_is_seen_by_the_next_who_looks(app: Flask, cast: Cast) -> None:
    reference = send().reference
    assert looks(cast.browser("birch"), reference) == []
    assert [look.partition(",")[0] for look in looks(cast.browser("dahlia"), reference)] == ["Birch Placebo"]


def test_what_another_referral_saw_does_not_count(app: Flask, cast: Cast) -> None:
    first, second = send().reference, send().reference
    looks(cast.browser("birch"), first)
    assert looks(cast.browser("dahlia"), second) == []
    assert trail.acts().count(Act.LOOKED) == 2
