"""What somebody asks of the audit log, read from an address or a form; no patient can be named in it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField
from wtforms.widgets import DateInput

from portal.domain import reference as references
from portal.domain.audit import Act
from portal.queries.audit import Sought
from portal.web.audit_words import ACTS

ALL = {"": "All"}


class AuditForm(Form):
    """Filters of the log; an empty one shows all of it."""

    member = SelectField("Who", validate_choice=False)
    act = SelectField("What", choices=ALL | {act.value: said for act, said in ACTS.items()})
    reference = StringField("Referral")
    clinic = SelectField("Clinic", validate_choice=False)
    since = StringField("From day", widget=DateInput())
    until = StringField("To day", widget=DateInput())

    def __init__(
        self, asked: MultiDict[str, str], *, members: dict[str, str], clinics: dict[str, str]
    ) -> None:
        """Take what was asked, and who and where there is to choose: name by value."""
        super().__init__(asked)
        self.member.choices = ALL | members
        self.clinic.choices = ALL | clinics

    def filters(self) -> dict[str, str]:
        """Return what was chosen, as an address holds it."""
        return {field.name: field.data for field in self if field.data}

    def sought(self, zone: str, **more: Any) -> Sought:
        """Return the question; what cannot be read is said beside its field and filters nothing."""
        until = self._day(self.until)
        return Sought(
            member_id=int(self.member.data) if (self.member.data or "").isdecimal() else None,
            act=Act(self.act.data) if self.act.data in set(Act) else None,
            reference=self._reference(),
            clinic=self.clinic.data or None,
            since=_begin(self._day(self.since), zone),
            until=_begin(until + timedelta(days=1) if until else None, zone),
            **more,
        )

    def _reference(self) -> str | None:
        found = references.read(self.reference.data or "")
        if self.reference.data and found is None:
            self.reference.errors = ["Enter a whole reference, like K7QX-M4P2"]
        return found

    @staticmethod
    def _day(field: StringField) -> date | None:
        try:
            return date.fromisoformat(field.data) if field.data else None
        except ValueError:
            field.errors = ["Enter a day as year, month and day, like 2026-11-23"]
            return None


def _begin(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None
