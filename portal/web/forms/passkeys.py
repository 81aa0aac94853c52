"""Forms that a passkey answers, and the one that asks again who somebody is; the script fills in the answer."""

from wtforms import HiddenField, PasswordField, StringField

from portal.domain.errors import Unfit
from portal.web.forms.base import Form
from portal.web.forms.sign_in import ProvingForm


class SignForm(Form):
    """What a passkey signed, and where to go on."""

    credential = HiddenField()
    next = HiddenField()


class VerifyForm(ProvingForm, SignForm):
    """The same, or the password instead."""

    first = "password"
    password = PasswordField("Password")


class NewPasskeyForm(Form):
    """A passkey that was made just now, and what its member calls it."""

    name = StringField("Name")
    credential = HiddenField()

    def refuse(self, unfit: Unfit) -> None:
        """Put what the rules say beside the fields they speak of."""
        for name, said in unfit.problems.items():
            self[name].errors = [said]
