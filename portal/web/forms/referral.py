"""The forms of a referral, built from the domain's fields; what an answer must be is read there and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from portal.domain import intake, reading
from portal.domain.places import Ambiguous, Located, NotFound
from portal.web import place_words
from portal.web.forms.base import Form

YES_NO: Any = {"yes": "Yes", "no": "No"}
"""Values by label; the form library takes mappings, its types do not know yet."""
SAFETY_QUESTION = "Is anyone in immediate danger now?"
SAFETY_HINT = (
    "Self-harm under way, an overdose, an intent to act, a threat to somebody else, or a medical emergency."
)
REASON_MOST = 500
CONTROLS: Mapping[str, type[Field]] = {
    "patient.phone": TelField,
    "reason": TextAreaField,
    "referrer.email": EmailField,
}
"""The controls that are not a line of text."""


class StepForm(Form):
    """Answers by dotted name, as typed so far; `today` and `locate` are what reading them takes."""

    def __init__(self, *, typed: Mapping[str, str], today: date, locate: Callable[[str], Located]) -> None:
        self.today = today
        self.locate = locate
        super().__init__(data=typed)

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, right or wrong; a tick is "yes" or nothing."""
        ticks = {True: "yes", False: "", None: ""}
        return {field.name: ticks.get(field.data, field.data) for field in self if field.name != "csrf_token"}

    def check_kept(self) -> None:
        """Say at each field what is wrong with what was kept; nothing was submitted, so no token is asked for."""
        for field in self:
            if field.name != "csrf_token":
                field.validate(self)


@contextmanager
def _said_at_the_field() -> Iterator[None]:
    """Say at a field what the domain says about its answer."""
    try:
        yield
    except ValueError as problem:
        raise StopValidation(str(problem)) from None


def _reads(name: str) -> Callable[[StepForm, Field], None]:
    def check(form: StepForm, field: Field) -> None:
        with _said_at_the_field():
            intake.FIELDS[name].read("yes" if field.data is True else field.data or "", form.today)

    return check


def _asked(name: str) -> Field:
    asked = intake.FIELDS[name]
    told: dict[str, Any] = {"description": asked.hint, "validators": [_reads(name), *MORE.get(name, ())]}
    if asked.choices:
        # The domain's reader says what is wrong with a choice, in the portal's own words.
        return RadioField(asked.label, choices=dict(asked.choices), validate_choice=False, **told)
    return CONTROLS.get(name, StringField)(asked.label, **told)


def _is_one_place(form: "PatientForm", field: Field) -> None:
    form.located = place_words.settle(form.locate(field.data), form.use_place.data or "")
    if isinstance(form.located, Ambiguous | NotFound) and not form.keep_place.data:
        raise StopValidation(place_words.problem(form.located))


MORE: Mapping[str, tuple[Callable[..., None], ...]] = {"patient.place": (_is_one_place,)}
"""What is asked of an answer beyond reading it."""


class PatientForm(StepForm):
    """Who the patient is, and where; a place that may be several is asked back beside its field."""

    located: Located | None = None
    use_place = StringField()
    keep_place = BooleanField("Keep it as typed: the intake team finds the clinic")


class CheckForm(StepForm):
    """Where it goes, and the patient's agreement.

    `send_to` is the clinic that the button named when it was pressed, `seal` is of the answers that the page showed.
    """

    seal = HiddenField()
    clinic = StringField()
    send_to = StringField()
    consent = BooleanField(intake.FIELDS["consent"].label, validators=[_reads("consent")])


ASKED: Mapping[str, tuple[str, ...]] = {
    "patient": ("patient.name", "patient.date_of_birth", "patient.phone", "patient.place"),
    "reason": ("condition", "reason", "priority"),
    "practice": ("referrer.name", "referrer.practice", "referrer.email"),
}
"""The answers of each step, in the order of the page."""


def _built(base: type[StepForm], step: str) -> type[StepForm]:
    return type(base.__name__, (base,), {name: _asked(name) for name in ASKED[step]})


STEPS: Mapping[str, type[StepForm]] = {
    "patient": _built(PatientForm, "patient"),
    "reason": _built(StepForm, "reason"),
    "practice": _built(StepForm, "practice"),
}


class SafetyForm(Form):
    """The question before all others; nothing is chosen for the person who answers."""

    clinic = HiddenField()
    danger = RadioField(
        SAFETY_QUESTION, name="safety.immediate_danger", choices=YES_NO, validate_choice=False
    )

    def validate_danger(self, field: Field) -> None:
        """Take a plain yes or no."""
        if field.data not in YES_NO:
            raise StopValidation("Choose yes or no")

    @property
    def immediate_danger(self) -> bool:
        """The answer."""
        return bool(self.danger.data == "yes")


class SafetyAgainForm(SafetyForm):
    """The same question once more; taking a "yes" back needs a reason, and both answers are kept."""

    reason = TextAreaField("Why the answer changes", name="safety.reason")
    was_danger = False
    why = ""
    """The reason as it was read."""

    def validate_reason(self, field: Field) -> None:
        """Ask for the reason only where a "yes" is taken back."""
        if self.was_danger and not self.immediate_danger:
            with _said_at_the_field():
                self.why = reading.text(field.data or "", most=REASON_MOST, lines=True)
