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
        """Return what was chosen and understood, as an address holds it; other text goes nowhere from here."""
        since, until = self._day(self.since), self._day(self.until)
        understood = {
            "member": _chosen(self.member),
            "act": _chosen(self.act),
            "reference": self._reference(),
            "clinic": _chosen(self.clinic),
            "since": since.isoformat() if since else None,
            "until": until.isoformat() if until else None,
        }
        return {name: value for name, value in understood.items() if value}

    def sought(self, zone: str, **more: Any) -> Sought:
        """Return the question; what is not understood is said beside its field and filters nothing."""
        member, act, until = _chosen(self.member), _chosen(self.act), self._day(self.until)
        return Sought(
            member_id=int(member) if member else None,
            act=Act(act) if act else None,
            reference=self._reference(),
            clinic=_chosen(self.clinic),
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


def _chosen(field: SelectField) -> str | None:
    found: str | None = field.data if field.data in (field.choices or ()) else None
    return found or None


def _begin(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day else None
