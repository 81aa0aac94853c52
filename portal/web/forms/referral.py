"""The forms of a referral, built from the domain's fields; what an answer must be is read there and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import StopValidation

from portal.domain import icd10, intake, reading, safety
from portal.domain.icd10 import TooGeneral
from portal.domain.intake import Known, Rows
from portal.domain.intake.gate import REASON_MOST
from portal.domain.intake.table import asked as asked_of
from portal.domain.intake.table import cell
from portal.domain.places import Ambiguous, Located, NotFound
from portal.web import place_words
from portal.web.forms.base import Form
from portal.web.forms.controls import controls

CODE = "diagnosis.code"
OF_NOBODY = frozenset({"csrf_token", "seal", "send_to"})
"""Fields that are no answer."""


class StepForm(Form):
    """Answers by dotted name, as typed so far; `known` and `locate` are what reading them takes."""

    step = ""

    def __init__(self, *, typed: Mapping[str, str], known: Known, locate: Callable[[str], Located]) -> None:
        self.kept = typed
        self.known = known
        self.locate = locate
        self.row_errors: dict[str, str] = {}
        super().__init__(data=typed)

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, right or wrong; a tick is "yes" or nothing."""
        ticks = {True: "yes", False: "", None: ""}
        return {
            field.name: ticks.get(field.data, field.data) for field in self if field.name not in OF_NOBODY
        }

    def check(self, typed: Mapping[str, str]) -> bool:
        """Say at each field and row what the domain says of these answers; tell whether there is nothing to say."""
        wrong = intake.step_problems({**self.kept, **typed}, self.step, self.known)
        self.row_errors = {name: said for name, said in wrong.items() if name not in self}
        for name in set(wrong) - set(self.row_errors):
            self[name].errors = [wrong[name]]
        return not wrong

    def show_crowded(self, crowded: Mapping[str, str]) -> bool:
        """Say where more rows came than are kept; tell whether there were any."""
        for name, said in crowded.items():
            self[name].errors = [said]
        return bool(crowded)

    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, message) for each problem, in the order of the page; those of rows say which row."""
        grouped = {name for name, field in intake.FIELDS.items() if field.group}
        tables = intake.STEP_ROWS.get(self.step, ())
        statuses = {rows.status for rows in tables}
        alone = super().problems()
        return [
            *(each for each in alone if each[0] not in grouped | statuses),
            *(each for rows in tables for each in self._problems_of(rows, dict(alone))),
            *(each for each in alone if each[0] in grouped - statuses),
        ]

    def _problems_of(self, rows: Rows, alone: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for number in range(rows.most):
            for column in rows.columns:
                name = cell(rows, number, column)
                if name in self.row_errors:
                    label = f"{rows.one.capitalize()} {number + 1}, {column.label.lower()}"
                    said = self.row_errors[name]
                    yield name, f"{label}: {said[:1].lower()}{said[1:]}"
        if rows.status in alone:
            yield rows.status, alone[rows.status]


class PatientForm(StepForm):
    """Who the patient is, and where; a place that may be several is asked back beside its field."""

    located: Located | None = None
    use_place = StringField()
    keep_place = BooleanField("Keep it as typed: the intake team finds the clinic")

    def __init__(self, **given: Any) -> None:
        """Forget what was picked for a place that is typed anew."""
        super().__init__(**given)
        if place_words.is_for_another_text({"patient.place": self["patient.place"].data or ""}, self.kept):
            self.use_place.data = ""

    def check(self, typed: Mapping[str, str]) -> bool:
        """Look also whether the place is one place."""
        fits = super().check(typed)
        place = self["patient.place"]
        if place.errors or not place.data:
            return fits
        self.located = place_words.settle(self.locate(place.data), self.use_place.data or "")
        if isinstance(self.located, Ambiguous | NotFound) and not self.keep_place.data:
            place.errors = [place_words.problem(self.located)]
            return False
        return fits


class DiagnosisForm(StepForm):
    """What is referred for; a code that is too general is answered with those to pick from."""

    picks: tuple[tuple[str, str], ...] = ()
    """Codes that one press takes, with their words."""

    def check(self, typed: Mapping[str, str]) -> bool:
        """Look also whether the code is a header."""
        fits = super().check(typed)
        try:
            icd10.read(typed.get(CODE, ""), self.known.codes)
        except TooGeneral as general:
            self.picks = tuple((child.code, str(child)) for child in general.children)
            self[CODE].errors = [f"{general.header} is too general: choose one of these, or leave it empty"]
        except ValueError:
            return fits
        return fits


class CheckForm(StepForm):
    """Where it goes, and the patient's agreement.

    `send_to` is the clinic that the button named when it was pressed, `seal` is of the answers that the page showed.
    """

    seal = HiddenField()
    clinic = StringField()
    send_to = StringField()
    consent = BooleanField(intake.FIELDS["consent"].label)

    def check(self, typed: Mapping[str, str]) -> bool:
        """Look whether the patient agreed."""
        wrong = intake.problems(typed, ("consent",), self.known)
        self.consent.errors = list(wrong.values())
        return not wrong


ADD, SEPARATE = "add", "separate"
CHOICES: Any = {ADD: "Add these answers to that referral", SEPARATE: "Send another referral"}
"""Values by label; the form library takes mappings, its types do not know yet."""


class DuplicateForm(Form):
    """What to do with a form for a patient whose referral is open; the answer is the person's."""

    duplicate = RadioField(
        "This referral",
        choices=CHOICES,
        validate_choice=False,
    )

    def validate_duplicate(self, field: Field) -> None:
        """Take one of the two."""
        if field.data not in {ADD, SEPARATE}:
            raise StopValidation("Choose whether to add to that referral or to send another one")


BASES: Mapping[str, type[StepForm]] = {"patient": PatientForm, "reason": DiagnosisForm}


def step_form(step: str, typed: Mapping[str, str]) -> type[StepForm]:
    """Return the form of a step with the questions that matter, given the answers so far."""
    names = tuple(field.name for field in asked_of(intake.STEPS[step], typed))
    return _built(step, names)


@cache
def _built(step: str, names: tuple[str, ...]) -> type[StepForm]:
    base = BASES.get(step, StepForm)
    by_name = {field.name: field for field in intake.STEPS[step]}
    return type(base.__name__, (base,), {"step": step} | controls(by_name[name] for name in names))


CLEARED = frozenset({*safety.SCREENER, safety.NOT_ASKED})


class GateForm(Form):
    """The questions before all others; nothing is chosen for the person who answers."""

    clinic = HiddenField()
    seal = HiddenField()
    """Of the answers that the page was shown with; the first page has none."""
    clear = SubmitField()
    """Takes the screener's answers out, which no press on a radio button can without a script."""

    def answers(self) -> dict[str, str]:
        """Return the answers by dotted name; those that were not given are empty."""
        asked = intake.GATE.keys() | intake.FIELDS.keys()
        return {field.name: field.data or "" for field in self if field.name in asked}

    def check(self, problems: Mapping[str, str]) -> bool:
        """Say what is wrong at its field; tell whether nothing is, and no press cleared the screener's answers."""
        # A danger stops, whatever was pressed.
        clears = self.clear.data and not safety.fired(self.answers())
        for field in self:
            if clears and field.name in safety.SCREENER:
                field.data = None
        for name, said in problems.items():
            if name in self and not (clears and name in CLEARED):
                self[name].errors = [said]
        return not (problems or clears)


class ReasonForm(GateForm):
    """The same questions once more; taking a danger back needs a reason, and both answers are kept."""

    reason = TextAreaField("Why the answer changes", name="safety.reason")

    def read_reason(self) -> str | None:
        """Return the reason, or None with a sentence at its field."""
        try:
            return reading.text(self.reason.data or "", most=REASON_MOST, lines=True)
        except ValueError as problem:
            self.reason.errors = [str(problem)]
            return None


@cache
def gate_form(names: tuple[str, ...], base: type[GateForm] = GateForm) -> type[GateForm]:
    """Return a form that asks these safety questions."""
    fields = {**intake.GATE, **intake.FIELDS}
    return type(base.__name__, (base,), controls(fields[name] for name in names))
