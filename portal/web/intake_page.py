"""A step as its page shows it: what is required first, then rows, then groups that stay closed until somebody opens them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wtforms import Field, RadioField

from portal.domain import intake
from portal.domain.intake import Typed
from portal.domain.intake.checklist import CONDITIONS, NOW
from portal.domain.intake.table import is_left_over
from portal.domain.intake.tried import HISTORY
from portal.domain.safety import FIRES
from portal.web import intake_rows
from portal.web.forms.referral import CODE, DiagnosisForm, StepForm
from portal.web.intake_rows import Table

HEADINGS = {
    "patient": ("Who is the patient?", "As written in your chart. Only staff of the clinic that holds this referral, and the network's own intake team and medical lead, see it. If it moves to another clinic, that clinic's staff see it then."),
    "reason": ("What do you refer for?", "A clinician at the clinic decides whether infusion fits. Sending does not mean treatment."),
    "tried": ("Treatments tried, and scores now", "You can go on without any of this. What you give here saves a question later."),
    "checklist": ("Safety checklist", "You can go on without any of this. Blank is not “no”: what is not answered, the nurse asks."),
    "practice": ("You and your practice", "The clinic's questions and its decision go to the email you give here."),
}  # fmt: skip
LEFT_OVER = "Answered before the condition changed"
LISTS = frozenset({NOW, CONDITIONS, HISTORY})
"""Groups whose questions are answered yes, no or not known, one a line."""
AUTOCOMPLETE = {"referrer.name": "name", "referrer.practice": "organization", "referrer.email": "email", "referrer.phone": "tel"}  # fmt: skip
TINY_MOST, SHORT_MOST = 12, 40
"""Characters up to which a field is drawn narrow."""
NARROW_HINT_MOST = 50
ONE_COLUMN_MOST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One field as it is placed: how wide, whether it may be left out, and what is known of its answer."""

    control: Field
    is_optional: bool
    width: str
    autocomplete: str
    picks: tuple[tuple[str, str], ...] = ()
    """Values that one press takes, with their words."""
    notes: tuple[str, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether another question has room beside it."""
        return bool(self.width) and len(self.control.description) <= NARROW_HINT_MOST and not self.notes

    @property
    def is_long_list(self) -> bool:
        """Whether its choices stand in two columns where there is room."""
        return isinstance(self.control, RadioField) and len(list(self.control)) > ONE_COLUMN_MOST


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Questions under one heading; closed until something in them is wrong or asked for."""

    id: str
    heading: str
    questions: tuple[Question, ...]
    is_open: bool
    is_list: bool
    may_fill: bool
    """Whether one press may answer "no" to all that are open."""

    @property
    def answered(self) -> int:
        """How many are answered."""
        return sum(bool(question.control.data) for question in self.questions)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the template places."""

    step: str
    heading: str
    hint: str
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    tables: tuple[Table, ...]
    left_over: Group | None
    by_button: str
    """The names of the answers that are not saved as one types, with spaces between: a slip must not stop the form."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wished:
    """What the address asks for: another blank row of a kind, or a group opened, by its id or a field in it."""

    added: str = ""
    open: str = ""


def read(
    step: str, form: StepForm, typed: Typed, notes: Mapping[str, tuple[str, ...]], wished: Wished
) -> Page:
    """Return the page of a step; `notes` are sentences by the name of the field they stand beside."""
    heading, hint = HEADINGS[step]
    tables = tuple(
        intake_rows.table(rows, form, typed, wished.added) for rows in intake.STEP_ROWS.get(step, ())
    )
    statuses = {table.status.name for table in tables}
    placed = {
        field.name: _question(field, form, notes.get(field.name, ()))
        for field in intake.STEPS[step]
        if field.name in form and field.name not in statuses
    }
    left = [field for field in intake.STEPS[step] if field.name in placed and is_left_over(field, typed)]
    rest = [field for field in intake.STEPS[step] if field.name in placed and field not in left]
    return Page(
        step=step,
        heading=heading,
        hint=hint,
        questions=tuple(placed[field.name] for field in rest if not field.group),
        groups=tuple(_groups(rest, placed, wished.open)),
        tables=tables,
        left_over=_group(LEFT_OVER, [placed[field.name] for field in left], slug(LEFT_OVER))
        if left
        else None,
        by_button=" ".join(field.name for field in intake.STEPS[step] if field.name in FIRES),
    )


def slug(heading: str) -> str:
    """Return a heading as an id."""
    return "".join(char if char.isalnum() else "-" for char in heading.lower())


def _question(field: intake.Field, form: StepForm, notes: tuple[str, ...]) -> Question:
    width = "tiny" if field.most <= TINY_MOST else "short" if field.most <= SHORT_MOST else ""
    return Question(
        control=form[field.name],
        is_optional=not field.required,
        width="" if field.control is intake.Control.CHOICE else width,
        autocomplete=AUTOCOMPLETE.get(field.name, "off"),
        picks=form.picks if isinstance(form, DiagnosisForm) and field.name == CODE else (),
        notes=notes,
    )


def _groups(fields: Iterable[intake.Field], placed: Mapping[str, Question], wished: str) -> Iterator[Group]:
    by_heading: dict[str, list[Question]] = {}
    for field in fields:
        if field.group:
            by_heading.setdefault(field.group, []).append(placed[field.name])
    for heading, questions in by_heading.items():
        yield _group(heading, questions, wished)


def _group(heading: str, questions: list[Question], wished: str) -> Group:
    names = {question.control.name for question in questions}
    return Group(
        id=slug(heading),
        heading=heading,
        questions=tuple(questions),
        is_open=wished in names | {slug(heading)} or any(question.control.errors for question in questions),
        is_list=heading in LISTS,
        may_fill=heading == CONDITIONS,
    )
