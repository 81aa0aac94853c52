"""The forms that ask for one referral, or one patient's; what is typed there stands in no address."""

from wtforms import StringField, TextAreaField

from portal.domain.errors import Unfit
from portal.web.forms.base import Form


class FindForm(Form):
    """A reference, or a name and a date of birth."""

    reference = StringField("Reference")
    name = StringField("Patient's full name")
    date_of_birth = StringField("Date of birth")

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {field: self[field].data or "" for field in ("reference", "name", "date_of_birth")}

    def refuse(self, unfit: Unfit) -> None:
        """Put what the rules say beside the fields they speak of."""
        for name, said in unfit.problems.items():
            self[name].errors = [said]


class EmergencyForm(FindForm):
    """The same, and why it cannot wait."""

    reason = TextAreaField("Why you must see it now")
