"""The forms of sign-in; what is wrong is told in one sentence that says nothing about members."""

from typing import Any

from wtforms import HiddenField, PasswordField, StringField

from portal.web.forms.base import SESSION_ENDED, Form

NO_MATCH = "That email and password do not match. Check both and try again."
NO_CODE = "That code does not fit, or it was used before. Wait for the next one and type it."
NO_RECOVERY_CODE = "That is not one of your recovery codes, or it was used before. Check it and try again."
NOT_THE_SAME = "The two passwords differ. Type the new one again in both."
WRONG_OLD = "That is not your present password. Check it and try again."
NEVER_AGAIN = (
    "There were too many tries in a row. This sign-in waits until its member chooses a new password by mail, or uses "
    "a passkey."
)


class ProvingForm(Form):
    """A form that proves who somebody is; its problems stand at its first field, and secrets are not shown again."""

    first = ""

    def refuse(self, said: str) -> None:
        """Say what is wrong with what was typed."""
        self[self.first].errors = [said]

    def problems(self) -> list[tuple[str, str]]:
        """Return what the summary says, with a stale page told at the field to go on with."""
        found = super().problems()
        at_first = self.first or "main"
        return [(at_first, said) if said == SESSION_ENDED else (at, said) for at, said in found]


class SignInForm(ProvingForm):
    """Email and password."""

    first = "email"
    # Phones and paste add a space, which is no part of an address.
    email = StringField("Email", filters=[lambda typed: (typed or "").strip()])
    password = PasswordField("Password")
    next = HiddenField()


class CodeForm(ProvingForm):
    """A code from an authenticator app."""

    first = "code"
    code = StringField("Code")


class RecoveryForm(ProvingForm):
    """A recovery code."""

    first = "code"
    code = StringField("Recovery code")


class LinkForm(ProvingForm):
    """Where a link to a new password is sent."""

    first = "email"
    email = StringField("Email")


class NewPasswordForm(ProvingForm):
    """A new password, twice."""

    first = "password"
    password = PasswordField("New password")
    again = PasswordField("New password again")

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether both are the same; what a password must be is the domain's to say."""
        if not super().validate(extra_validators):
            return False
        if self.password.data != self.again.data:
            self.refuse(NOT_THE_SAME)
            return False
        return True


class ChangePasswordForm(NewPasswordForm):
    """The present password, and a new one."""

    old = PasswordField("Present password")


class PressForm(ProvingForm):
    """A button that changes something, and its token."""
