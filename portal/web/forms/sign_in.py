"""The sign-in form: the library's, in our words, without "remember me" and without a way to other sites."""

from typing import Any

from flask_security import LoginForm
from flask_security.utils import validate_redirect_url
from wtforms import Field

from portal.web.forms.base import SESSION_ENDED, Form

NO_MATCH = "That email and password do not match. Check both and try again."


class SignInForm(LoginForm):
    """Email and password; whatever is wrong with them is told in one sentence that says nothing about members."""

    class Meta(Form.Meta):
        """Read and show fields as every form here does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take out what would keep somebody signed in on a shared computer."""
        super().__init__(*args, **kwargs)
        del self.remember
        self.email.label.text = "Email"

    def validate_next(self, field: Field) -> None:
        """Forget a way that leads elsewhere; signing in then leads to the queue."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""

    def problems(self) -> list[tuple[str, str]]:
        """Return what the summary says: that the page was open too long, or that nobody signs in like this."""
        if self["csrf_token"].errors:
            return [("email", SESSION_ENDED)]
        return [("email", NO_MATCH)] if self.errors else []
