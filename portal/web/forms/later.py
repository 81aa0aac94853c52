"""Where the link to a half-finished form is sent."""

from wtforms import StringField

from portal.web.forms.base import Form


class LaterForm(Form):
    """An email, typed before or now."""

    email = StringField("Email")
