"""The control of each answer of a referral, built from the domain's field; what an answer must be is read there."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import EmailField, Field, RadioField, SelectField, StringField, TelField, TextAreaField

from portal.domain.intake import Control
from portal.domain.intake import Field as Asked
from portal.domain.safety import FIRES, is_yes
from portal.queries.rules import get_targets
from portal.web import words

CONTROLS: Mapping[Control, type[Field]] = {
    Control.LINE: StringField,
    Control.NUMBER: StringField,
    Control.LINES: TextAreaField,
    Control.PHONE: TelField,
    Control.EMAIL: EmailField,
}
RADIOS_MOST = 5
"""Longer lists fold away, but for one that must be answered."""


def controls(fields: Iterable[Asked]) -> dict[str, Any]:
    """Return the controls of answers by dotted name."""
    return {field.name: control(field) for field in fields}


class StoppingField(RadioField):
    """An answer that stops a referral when it is yes: of those that come twice, any yes counts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the yes, wherever it stands."""
        super().process_formdata(sorted(valuelist, key=lambda said: not is_yes({self.name: said}, self.name)))


def control(field: Asked) -> Any:
    """Return the control of one answer; what is wrong with it is said by the domain's reader."""
    told: dict[str, Any] = {"description": field.hint_in(words.zone_name(get_targets().intake_zone))}
    if field.choices:
        choices: Any = dict(field.choices)
        if field.name in FIRES:
            return StoppingField(field.label, choices=choices, validate_choice=False, **told)
        if len(choices) <= RADIOS_MOST or field.required:
            return RadioField(field.label, choices=choices, validate_choice=False, **told)
        return SelectField(field.label, choices={"": ""} | choices, validate_choice=False, **told)
    if field.control is Control.NUMBER:
        told["render_kw"] = {"inputmode": "decimal"}
    return CONTROLS[field.control](field.label, **told)
