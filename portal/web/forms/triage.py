"""The forms of moves: which fields a move shows follows from its row in the table; the rules check what is typed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from portal.domain import reasons
from portal.domain.access import Permission
from portal.domain.errors import NotTaken, Unfit
from portal.domain.files import NewFile, Refusal
from portal.domain.lifecycle import RULES, Move, Need
from portal.domain.orders import Order
from portal.web.forms.base import Form

VERSION_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of one move's form."""

    title: str
    code: str
    words: str
    hint: str


ASKED: dict[Move, Asked] = {
    Move.ACCEPT: Asked(
        "Accept for consultation",
        "",
        "Comment for the practice",
        "Say what happens next. The practice reads it on the status page; the mail only says that it is there.",
    ),
    Move.DECLINE: Asked(
        "Decline this referral",
        "Reason",
        "Why, and what the practice can do next",
        "In plain words, with an alternative. The practice reads it on the status page.",
    ),
    Move.TRANSFER: Asked(
        "Transfer to another clinic",
        "Reason",
        "Why it moves",
        "The practice and the other clinic read this. The reference stays the same.",
    ),
    Move.ASK: Asked(
        "Ask the practice",
        "What is missing",
        "Your question",
        "The practice is told by mail that there is a question, and answers on the status page.",
    ),
    Move.ANSWER: Asked(
        "Record an answer",
        "",
        "What the practice said",
        "Say who answered and when. It goes back to triage.",
    ),
    Move.WRITE: Asked(
        "Write to the practice",
        "",
        "What you write",
        "The practice is told by mail that you wrote, and reads it on the status page. Nothing waits for an answer.",
    ),
    Move.ADD: Asked(
        "Add for the practice",
        "",
        "What the practice said or sent",
        "Say who told you and when. The practice sees it on the status page.",
    ),
    Move.CONFIRM_CANCEL: Asked(
        "Confirm the cancellation",
        "",
        "What became of visits and travel",
        "It closes at once, and the practice is told and reads this.",
    ),
    Move.ASK_TO_CANCEL: Asked(
        "Record a wish to cancel",
        "",
        "Who asks to cancel, and why",
        "It stays open until somebody confirms. The practice reads this.",
    ),
    Move.WITHDRAW: Asked(
        "Withdraw for the patient",
        "",
        "Why it is withdrawn",
        "It closes at once, and the practice is told.",
    ),
}


class MoveForm(Form):
    """What a person says with a move, and the version of the referral they looked at."""

    version = HiddenField()
    clinic = StringField("Which clinic")
    code = SelectField("Reason", validate_choice=False)
    words = TextAreaField("Words")

    def refuse(self, wrong: Unfit | NotTaken) -> None:
        """Put what the rules say beside the fields they speak of."""
        if isinstance(wrong, NotTaken):
            self.trouble = str(wrong)
            return
        for name, said in wrong.problems.items():
            self[name].errors = [said]

    refused: Sequence[Refusal] = ()
    """The files that were not taken."""
    trouble = ""
    """What is wrong with the files as a whole."""

    def problems(self) -> list[tuple[str, str]]:
        """Return the problems of fields, then of files."""
        return [*super().problems(), *([("files", self.trouble)] if self.trouble else [])]

    def order(self, reference: str, move: Move, files: tuple[NewFile, ...] = ()) -> Order:
        """Return what is asked for."""
        words, code, clinic = (self.typed.get(name, "") for name in ("words", "code", "clinic"))
        return Order(
            reference=reference,
            move=move,
            version=self.seen,
            words=words,
            code=code,
            clinic=clinic,
            files=files,
        )

    @property
    def seen(self) -> int:
        """The version that was looked at; 0 when it cannot be read, which no referral has."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) <= VERSION_DIGITS else 0

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: self[name].data or "" for name in ("words", "code", "clinic") if name in self}


def move_form(move: Move, *, held: Collection[Permission], version: int) -> MoveForm:
    """Return the form of a move for a member with these permissions, with the fields that the move needs."""
    form = MoveForm(data={"version": str(version)})
    asked = ASKED.get(move)
    for need in Need:
        if need not in RULES[move].needs:
            del form[need.value]
    if asked and "words" in form:
        form.words.label.text = asked.words
    if asked and "code" in form:
        form.code.label.text = asked.code
        form.code.choices = [("", "Choose one"), *reasons.choices(move, held).items()]
    return form
