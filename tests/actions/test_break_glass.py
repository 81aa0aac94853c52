"""Break glass: an hour's reading of exactly what fits, heard of by every privacy officer, and no way to guess."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import break_glass
from portal.actions.break_glass import Answer, Outcome
from portal.db import db, write
from portal.domain.access import Membership, Permission, Role
from portal.domain.audit import Act
from portal.domain.emergency import LASTS, MISSES_MOST, Plea
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.finding import Sought
from portal.domain.letters import Site
from portal.domain.lifecycle import Move
from portal.domain.queue import Viewer
from portal.models import AuditEntry, BreakGlass, Letter, Member, MembershipRow
from portal.queries import dossier, emergencies
from portal.queries import members as asked
from tests.build import ANCHORAGE_PLACE, NOW, move, new_referral, send
from tests.cast import Cast

REASON = "Brought in unconscious, needs the medicine list."
SITE = Site(name="Clinic Referrals", url="https://portal.example")
BY_NAME = Sought(name="Sampleton Cedar", born=date(1985, 3, 27))


def plead(cast: Cast, name: str, sought: Sought, *, now: datetime = NOW) -> Answer:
    answer = break_glass.plead(Plea(sought=sought, reason=REASON), actor=cast.actor(name), site=SITE, now=now)
    db.session.rollback()
    return answer


def viewer(cast: Cast, name: str) -> Viewer:
    member_id = cast.member_id(name)
    return Viewer(member_id=member_id, memberships=asked.get_memberships(db.session(), member_id))


def can_read(cast: Cast, name: str, reference: str, *, now: datetime = NOW) -> bool:
    try:
        dossier.get(db.session(), reference, viewer(cast, name), now)
    except NotFound:
        return False
    return True


def letters() -> list[tuple[int | None, dict[str, str] | None]]:
    return [(letter.member_id, letter.words) for letter in db.session.scalars(sa.select(Letter))]


def entries(act: Act = Act.BROKE_GLASS) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == act)))


def test_what_fits_is_readable_for_an_hour_and_no_longer(app: Flask, cast: Cast) -> None:
    reference = send().reference
    assert not can_read(cast, "fern", reference)
    assert plead(cast, "fern", Sought(reference=reference)).references == (reference,)
    assert can_read(cast, "fern", reference, now=NOW + LASTS - timedelta(seconds=1))
    assert not can_read(cast, "fern", reference, now=NOW + LASTS)
    opened = dossier.get(db.session(), reference, viewer(cast, "fern"), NOW)
    assert opened.held == {Permission.READ_REFERRALS, Permission.READ_CLINICAL}
    assert opened.new is not None


def test_a_name_and_a_date_of_birth_open_that_patients_and_nobody_elses(app: Flask, cast: Cast) -> None:
    first, second = send().reference, send(place=None).reference
    namesake = send(new_referral(born=date(1985, 3, 28))).reference
    answer = plead(cast, "fern", BY_NAME)
    assert answer.references == (second, first)
    assert [can_read(cast, "fern", reference) for reference in (first, second, namesake)] == [
        True,
        True,
        False,
    ]
    assert not can_read(cast, "sorrel", first)


def test_every_privacy_officer_is_owed_a_letter_without_the_patient(app: Flask, cast: Cast) -> None:
    with write() as session:
        session.add(
            MembershipRow(member_id=cast.member_id("aster"), role=Role.PRIVACY_OFFICER, clinic_id=None)
        )
    reference = send().reference
    plead(cast, "fern", Sought(reference=reference))
    owed = letters()
    assert [member_id for member_id, _ in owed] == [cast.member_id("aster"), cast.member_id("lupine")]
    for _, words in owed:
        assert words is not None
        assert reference in words["body"]
        assert "Fern Specimen, RN" in words["body"]
        for secret in ("Cedar", "Sampleton", "1985", REASON):
            assert secret not in words["subject"] + words["body"]


def test_without_a_privacy_officer_it_is_known_that_nobody_was_told(app: Flask, cast: Cast) -> None:
    with write() as session:
        session.get_one(Member, cast.member_id("lupine")).active = False
    reference = send().reference
    plead(cast, "fern", Sought(reference=reference))
    assert letters() == []
    assert [grant.reference for grant in emergencies.unheard(db.session())] == [reference]


def test_it_is_written_down_with_the_grant_and_without_what_was_typed(app: Flask, cast: Cast) -> None:
    send()
    plead(cast, "fern", BY_NAME)
    [entry], grant = entries(), db.session.scalars(sa.select(BreakGlass)).one()
    assert (entry.actor, entry.referral_id) == (str(cast.actor("fern")), grant.referral_id)
    assert entry.facts == {"opened": "opened", "by": "name and date of birth", "grant": grant.id}
    assert (grant.reason, grant.until) == (REASON, NOW + LASTS)
    assert REASON.encode() not in grant.sealed_reason


def test_what_a_role_reads_anyway_needs_no_grant_and_alarms_nobody(app: Flask, cast: Cast) -> None:
    here, there = send(place=ANCHORAGE_PLACE).reference, send().reference
    assert plead(cast, "fern", BY_NAME).references == (there, here)
    granted = [
        grant.reference for grant in emergencies.open_grants(db.session(), cast.member_id("fern"), NOW)
    ]
    assert granted == [there]
    assert plead(cast, "birch", BY_NAME).outcome is Outcome.OPENED
    assert len(letters()) == 1


def test_what_fits_nothing_is_counted_and_then_refused_for_an_hour(app: Flask, cast: Cast) -> None:
    reference = send().reference
    for number in range(MISSES_MOST):
        late = NOW + timedelta(minutes=number)
        assert plead(cast, "fern", Sought(reference="2222-2222"), now=late).outcome is Outcome.NOTHING
    blocked = NOW + timedelta(minutes=30)
    assert plead(cast, "fern", Sought(reference=reference), now=blocked).outcome is Outcome.TOO_MANY
    assert not can_read(cast, "fern", reference, now=blocked)
    assert plead(cast, "sorrel", Sought(reference=reference), now=blocked).outcome is Outcome.OPENED
    after = NOW + timedelta(minutes=60, seconds=1)
    assert plead(cast, "fern", Sought(reference=reference), now=after).outcome is Outcome.OPENED
    assert [entry.facts["opened"] for entry in entries()].count("nothing") == MISSES_MOST
    assert len(entries(Act.REFUSED)) == 1


@pytest.mark.parametrize("name", ["aster", "cedar", "ember", "hazel", "juniper", "lupine"])
def test_who_is_no_clinician_opens_nothing(app: Flask, cast: Cast, name: str) -> None:
    reference = send(place=ANCHORAGE_PLACE).reference
    with pytest.raises(NotAllowed):
        plead(cast, name, Sought(reference=reference))
    assert db.session.scalars(sa.select(BreakGlass)).all() == []


def test_who_loses_the_role_or_the_account_loses_what_they_opened(app: Flask, cast: Cast) -> None:
    reference = send().reference
    plead(cast, "fern", Sought(reference=reference))
    with write() as session:
        session.execute(sa.delete(MembershipRow).where(MembershipRow.member_id == cast.member_id("fern")))
    assert not can_read(cast, "fern", reference)
    with write() as session:
        session.get_one(Member, cast.member_id("sorrel")).active = False
    with pytest.raises(NotFound):
        plead(cast, "sorrel", Sought(reference=reference))


def test_what_was_opened_can_be_moved_by_nobody_new(app: Flask, cast: Cast) -> None:
    reference = send().reference
    plead(cast, "fern", Sought(reference=reference))
    with pytest.raises(NotFound):
        move(reference, Move.CLAIM, cast.actor("fern"))


def test_somebody_who_knows_of_a_referral_may_open_its_clinical_part(app: Flask, cast: Cast) -> None:
    reference = send().reference
    with write() as session:
        nurse = MembershipRow(member_id=cast.member_id("hazel"), role=Role.PAIN_PHYSICIAN, clinic_id=1)
        session.add(nurse)
    assert Membership(Role.PAIN_PHYSICIAN, 1) in viewer(cast, "hazel").memberships
    assert dossier.get(db.session(), reference, viewer(cast, "hazel"), NOW).new is None
    plead(cast, "hazel", Sought(reference=reference), now=datetime.now(UTC))
    opened = dossier.get(db.session(), reference, viewer(cast, "hazel"), datetime.now(UTC))
    assert opened.new is not None
    assert opened.grant is not None
