"""Enrol members; each is enrolled once, by e-mail address."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from portal.db import write
from portal.domain.access import Role
from portal.models import Member, MembershipRow
from portal.queries import referrals


@dataclass(frozen=True, kw_only=True, slots=True)
class Enrolment:
    """Somebody who shall work here; without a clinic, in the whole network."""

    email: str
    name: str
    role: Role
    clinic: str | None


def read_csv(path: Path) -> list[Enrolment]:
    """Read enrolments from a file with the columns email, name, role and clinic."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [
            Enrolment(
                email=row["email"], name=row["name"], role=Role(row["role"]), clinic=row["clinic"] or None
            )
            for row in csv.DictReader(lines)
        ]


def enrol(people: Iterable[Enrolment], *, password_digest: str, now: datetime) -> int:
    """Enrol those who are not members yet, all with one password; return how many were new."""
    with write() as session:
        known = set(session.scalars(sa.select(Member.email)))
        fresh = [person for person in people if person.email not in known]
        for person in fresh:
            clinic = referrals.find_clinic(session, person.clinic) if person.clinic else None
            session.add(
                Member(
                    email=person.email,
                    name=person.name,
                    password=password_digest,
                    fs_uniquifier=uuid4().hex,
                    created_at=now,
                    membership_rows=[
                        MembershipRow(role=person.role, clinic_id=clinic.id if clinic else None)
                    ],
                )
            )
        return len(fresh)
