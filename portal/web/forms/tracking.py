"""The forms of somebody who follows a referral: open it, say who the patient is, say more, take it back."""

from collections.abc import Sequence

from wtforms import HiddenField, StringField, TextAreaField

from portal.domain.errors import NotTaken, Unfit
from portal.domain.files import Refusal
from portal.web.forms.base import Form, readable

TOO_MUCH = "These files are more than 50 MB together, so none of them came in. Add a few at a time"


class OpenForm(Form):
    """A pasted link, or the key at its end."""

    link = StringField("The link from the mail")

    @property
    def key(self) -> str:
        """The key in what was pasted."""
        pasted = (self.link.data or "").strip().rstrip("/")
        return str(pasted.rpartition("/")[2])


class MoveForm(Form):
    """Words for a move, and the version of the referral that they were written on."""

    words = TextAreaField("")
    version = HiddenField()
    trouble = ""
    """What is wrong with the files as a whole."""
    refused: Sequence[Refusal] = ()
    """The files that were not taken."""
    done = False
    """Whether all but the refused files was taken."""

    def problems(self) -> list[tuple[str, str]]:
        """Return the problems of fields, then of files."""
        return [*super().problems(), *([("files", self.trouble)] if self.trouble else [])]

    @property
    def seen(self) -> int:
        """The version as a number; anything else is no version at all, and stale."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("1000000") else 0

    @property
    def written(self) -> str:
        """The words, to be shown where they can no longer be sent."""
        return readable(self.words.data or "")

    def refuse(self, wrong: Unfit | NotTaken) -> None:
        """Show at the field what the rules say about it."""
        if isinstance(wrong, NotTaken):
            self.trouble = str(wrong)
        else:
            self.words.errors = [wrong.problems["words"]]


class AnswerForm(MoveForm):
    """The answer to the clinic's question."""

    words = TextAreaField("Your answer")


class WithdrawForm(MoveForm):
    """The reason to take a referral back."""

    words = TextAreaField("Why you withdraw it")


class AddForm(MoveForm):
    """Something more, of one's own accord."""

    words = TextAreaField("Your note")


class CancelForm(MoveForm):
    """The reason to cancel what a clinic has accepted."""

    words = TextAreaField("Why it shall be cancelled")


class AgainForm(Form):
    """What a new link is sent for: both must fit."""

    reference = StringField("Reference")
    email = StringField("Email of the practice")


class ProofForm(Form):
    """What only somebody who knows the patient can tell."""

    date_of_birth = StringField("Patient's date of birth")

    @property
    def refused(self) -> str | None:
        """What is wrong with what was typed."""
        return self.date_of_birth.errors[0] if self.date_of_birth.errors else None

    @refused.setter
    def refused(self, said: str | None) -> None:
        self.date_of_birth.errors = [said] if said else []
