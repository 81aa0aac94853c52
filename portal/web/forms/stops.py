"""The form of somebody who saw to a form that was stopped for safety."""

from wtforms import TextAreaField

from portal.web.forms.base import Form


class DoneForm(Form):
    """What was done."""

    words = TextAreaField("What was done")
