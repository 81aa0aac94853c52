"""A referral's answers in words, step by step, for every page and sheet that shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain import intake, reading, safety
from portal.domain.intake import Field, NewReferral, Rows
from portal.domain.intake.checklist import CONDITIONS, NOW
from portal.domain.intake.referral import CORE
from portal.domain.intake.tried import KINDS, TRIALS
from portal.domain.safety import NO, NOT_KNOWN, YES, Said
from portal.domain.trials import Kind
from portal.domain.vocabulary import CONDITION_LABELS
from portal.queries.codes import get_codes
from portal.web import words

ASKED_TOGETHER = tuple(
    field for field in intake.STEPS["checklist"] if field.group in {NOW, CONDITIONS} and field.choices
)
"""The long lists of the checklist: they are told by their answers, so that what matters is seen."""
TRIAL_PHRASES: Mapping[str, str] = {
    "weeks": "{} weeks",
    "current_episode": "in this episode: {}",
    "response": "response: {}",
    "stopped_why": "why stopped: {}",
    "adherence": "taken as directed: {}",
}
MONTHS = ("started", "stopped")
ISO_DAY, ISO_MONTH = len("2026-11-23"), len("2026-11")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One answer; the note says what was typed where something else was understood."""

    label: str
    value: str
    note: str = ""
    name: str = ""
    """The dotted name of the answer, where it is one."""


def value(field: Field, given: Any) -> str:
    """Return one answer in words; a diagnosis code with its own."""
    if field.choices:
        return field.said(given)
    if isinstance(given, list):
        return "\n".join(_code(each) for each in given)
    if field.name == "diagnosis.code":
        return _code(given)
    return (
        _dated(str(given))
        if "date" in field.name or field.name.endswith(("_on", "onset"))
        else _other(field, given)
    )


def _code(given: str) -> str:
    return str(get_codes().find(given) or given)


def _other(field: Field, given: Any) -> str:
    if field.control is intake.Control.PHONE:
        return reading.phone_words(str(given))
    if field.name in {"started", "stopped"}:
        return _dated(str(given))
    return f"{given:g}" if isinstance(given, float) else str(given)


def _dated(iso: str) -> str:
    if len(iso) == ISO_MONTH:
        return f"{date.fromisoformat(f'{iso}-01'):%B %Y}"
    return words.long_date(date.fromisoformat(iso)) if len(iso) == ISO_DAY else iso


def answered(answers: Mapping[str, Any], fields: Iterable[Field]) -> tuple[Row, ...]:
    """Return those of the fields that were answered and have no attribute of their own."""
    return tuple(
        Row(label=field.label, value=value(field, answers[field.name]), name=field.name)
        for field in fields
        if field.name in answers and field.name not in CORE
    )


def more(new: NewReferral, step: str) -> tuple[Row, ...]:
    """Return the answers of a step that have no attribute of their own, in the order of the form, then its rows."""
    rows = (each for each in intake.STEP_ROWS.get(step, ()) if new.more.get(each.name))
    return (
        *answered(new.more, intake.STEPS[step]),
        *(Row(label=each.label, value=listed(each, new.more[each.name]), name=each.name) for each in rows),
    )


def checklist(new: NewReferral) -> tuple[Row, ...]:
    """Return the safety checklist; its questions stand together by their answer, so that what matters is seen."""
    told = by_answer(new, ASKED_TOGETHER)
    yes, unknown, no = told[YES], told[NOT_KNOWN], told[NO]
    together = {field.name for field in ASKED_TOGETHER}
    return (
        *([Row(label="Answered yes", value="\n".join(yes))] if yes else []),
        *([Row(label="Not known", value="\n".join(unknown))] if unknown else []),
        *(row for row in more(new, "checklist") if row.name not in together),
        *([Row(label="Answered no", value=_count(no), note="; ".join(no))] if no else []),
    )


def by_answer(new: NewReferral, asked: Sequence[Field]) -> dict[str | None, list[str]]:
    """Return the words of questions by their answer: yes, not known, no, or None where nobody answered."""
    return {
        answer: [field.label.removesuffix("?") for field in asked if new.more.get(field.name) == answer]
        for answer in (YES, NOT_KNOWN, NO, None)
    }


def _count(questions: list[str]) -> str:
    return "1 question" if len(questions) == 1 else f"{len(questions)} questions"


def listed(rows: Rows, given: Iterable[Mapping[str, Any]]) -> str:
    """Return rows in words, a line each, numbered where there are several."""
    lines = [_trial(row) if rows is TRIALS else of_row(rows, row) for row in given]
    return (
        "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1)) if len(lines) > 1 else lines[0]
    )


def of_row(rows: Rows, row: Mapping[str, Any]) -> str:
    """Return what was told in one row, with commas between."""
    return ", ".join(value(column, row[column.name]) for column in rows.columns if column.name in row)


def _trial(row: Mapping[str, Any]) -> str:
    """Return "Sertraline, 150 mg a day, started March 2024, response: partial"."""
    told = trial_phrases(row)
    months = {name: f"{name} {told[name]}" for name in MONTHS if name in told}
    return ", ".join(filter(None, (row["name"], trial_kind(row).lower(), *(told | months).values())))


def trial_kind(row: Mapping[str, Any]) -> str:
    """Return what sort of treatment it was; nothing for a medicine, as its name tells that."""
    kind = row.get("kind", Kind.MEDICINE)
    return "" if kind == Kind.MEDICINE else KINDS[kind]


def trial_phrases(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what was told of a treatment beside its kind and name, by column; the dose has its unit."""
    told = [column for column in TRIALS.columns if column.name in row.keys() - {"kind", "name"}]
    said = {column.name: _in_sentence(column, row[column.name]) for column in told}
    dose = " ".join(filter(None, (said.pop("dose", ""), said.pop("unit", ""))))
    return {"dose": dose} | {name: TRIAL_PHRASES.get(name, "{}").format(text) for name, text in said.items()}


def _in_sentence(column: Field, given: Any) -> str:
    return value(column, given).lower() if column.choices else value(column, given)


def reason(new: NewReferral) -> tuple[Row, ...]:
    """Return what the patient is referred for."""
    return (
        Row(label="Condition", value=CONDITION_LABELS[new.condition]),
        Row(label="Why now", value=new.reason),
        Row(label="Priority asked", value=new.priority.label),
        *more(new, "reason"),
    )


def practice(new: NewReferral) -> tuple[Row, ...]:
    """Return who refers and who pays."""
    return (
        Row(label="Referrer", value=new.referrer.name),
        Row(label="Practice", value=new.referrer.practice),
        Row(label="Email", value=new.referrer.email),
        *more(new, "practice"),
    )


def gate(said: tuple[Said, ...], zone: str) -> tuple[Row, ...]:
    """Return the safety answers that hold, with what was corrected and why."""
    answers = safety.current(said)
    corrections = "\n".join(
        f"Corrected {words.when(each.at, zone)}: {each.reason}" for each in said if each.reason
    )
    danger = intake.GATE[safety.DANGER].said(answers.get(safety.DANGER) or None)
    return (
        Row(label="Danger now", value=danger or "Not answered", note=corrections),
        Row(label="Suicide-risk screener", value=screener(answers)),
        *(
            Row(label=field.label, value=of_gate(name, answers[name], zone))
            for name, field in intake.GATE.items()
            if name.startswith("attestation.") and answers.get(name)
        ),
    )


def of_gate(name: str, given: str, zone: str) -> str:
    """Return one safety answer in words; a moment as the clocks of the zone show it."""
    if name == "attestation.at":
        return words.when(datetime.fromisoformat(given), zone)
    return intake.GATE[name].said(given)


def screener(answers: Mapping[str, str]) -> str:
    """Return "1 yes, 2 yes, 3 no ...", or why it was not asked."""
    if not safety.was_asked(answers):
        return f"Not asked: {answers[safety.NOT_ASKED]}"
    if not any(answers.get(name) for name in safety.SCREENER):
        return "Not given"
    raised = [name for name in safety.SCREENER if answers.get(name) in {YES, NOT_KNOWN}]
    if not raised:
        return "All questions no"
    said = [f"{intake.GATE[name].label}: {intake.GATE[name].said(answers[name]).lower()}" for name in raised]
    return "\n".join([*said, "All other questions no or not due"])


def said_at_once(said: Said) -> str:
    """Return what was answered at one moment, the worst of it."""
    causes = safety.causes(said.answers)
    if causes:
        asked = {**intake.GATE, **intake.FIELDS}
        return "; ".join(f"{asked[name].label} Yes" for name in causes)
    if said.answers.get("attestation.by"):
        return _attested(said.answers)
    danger = said.answers.get(safety.DANGER)
    return {"no": "No immediate danger", NOT_KNOWN: "Danger now: not known"}.get(
        danger or "", "Answered more"
    )


def _attested(answers: Mapping[str, str]) -> str:
    # An earlier assessment stays to be read, word by word, when a later one says less.
    by, where, intent, responsible = (
        intake.GATE[name].said(answers.get(name, "")).rstrip(".")
        for name in (
            "attestation.by",
            "attestation.disposition",
            "attestation.intent_now",
            "attestation.responsible",
        )
    )
    return f"Assessed by {by}: {where}. Intends to act now: {intent.lower()}. Responsible: {responsible}"
