"""Enrol the members of a demonstration, ready to sign in; each is enrolled once, by email. Production has none."""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from portal import vault
from portal.db import write
from portal.domain.access import Role
from portal.domain.orders import Enrolment
from portal.models import Member, MembershipRow
from portal.queries import referrals


def read_csv(path: Path) -> list[Enrolment]:
    """Read enrolments from a file with the columns email, name, role and clinic."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [
            Enrolment(
                email=row["email"], name=row["name"], role=Role(row["role"]), clinic=row["clinic"] or None
            )
            for row in csv.DictReader(lines)
        ]


def enrol(
    people: Iterable[Enrolment], *, password_digest: str, new_secret: Callable[[], str], now: datetime
) -> int:
    """Enrol those who are not members yet, all with one password; return how many were new.

    `new_secret` draws the secret of each one's authenticator app.
    """
    with write() as session:
        known = set(session.scalars(sa.select(Member.email)))
        fresh = [person for person in people if person.email not in known]
        for person in fresh:
            clinic = referrals.find_clinic(session, person.clinic) if person.clinic else None
            member = Member(
                email=person.email,
                name=person.name,
                password=password_digest,
                fs_uniquifier=vault.new_key(),
                created_at=now,
                membership_rows=[MembershipRow(role=person.role, clinic_id=clinic.id if clinic else None)],
            )
            session.add(member)
            session.flush()
            # Sealed for this row, which has its id now.
            member.tf_totp_secret, member.tf_primary_method = new_secret(), "authenticator"
        return len(fresh)
