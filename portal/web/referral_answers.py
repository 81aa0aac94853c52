"""What was sent, as staff read it: what the rules say of it and why, then the answers in the order a nurse asks."""

from dataclasses import dataclass
from typing import Any

from portal.domain import intake, safety, tiering
from portal.domain.flags import Flag
from portal.domain.intake import NewReferral
from portal.domain.intake.checklist import CONDITIONS
from portal.domain.intake.patient import TRAVEL
from portal.queries import findings, rules
from portal.queries.dossier import Dossier
from portal.web import answer_words, words
from portal.web.answer_words import Row, answered

SCORES = "PHQ-9"
REDIRECTS = {tiering.PERINATAL: "Think of a perinatal service first (RD12)."}


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagLine:
    """One flag: what it is about, the answer that raised it, and its id in the policy."""

    kind: str
    """hold or check, as the tag is drawn."""
    name: str
    said: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the rules say; `because` has one sentence for each rule that fired, the deciding one first."""

    set_by: str
    because: tuple[str, ...]
    version: str
    flags: tuple[FlagLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Answers under one heading."""

    id: str
    heading: str
    rows: tuple[Row, ...]


def shown(dossier: Dossier) -> dict[str, Any]:
    """Return all that the page places, by name."""
    return {
        "found": found(dossier),
        "screened": screened(dossier),
        "clinical": clinical(dossier),
        "about_patient": about_patient(dossier),
        "journey": journey(dossier),
        "practice": practice(dossier),
    }


def found(dossier: Dossier) -> Found | None:
    """Return what the rules said when it was sent or last changed; None to who may not read it, and before rules."""
    kept, new = dossier.findings, dossier.new
    if kept is None or new is None:
        return None
    return Found(
        set_by="Set by " + words.together("rule", kept.fired),
        because=tuple(
            [f"{rule}: {tiering.SAYS.get(rule, 'a rule of an older version')}" for rule in kept.fired]
            + [f"{rule}: stopped the form, and was attested" for rule in kept.stops]
            + [REDIRECTS[code] for code in kept.suggests if code in REDIRECTS]
        ),
        version=kept.version,
        flags=tuple(_flag(flag, new) for flag in kept.flags),
    )


def _flag(flag: Flag, new: NewReferral) -> FlagLine:
    field = intake.FIELDS.get(flag.on) or intake.GATE.get(flag.on)
    label = field.label if field else intake.ROWS[flag.on].label
    unknown = "" if flag.known else "Not settled by the answers."
    return FlagLine(
        kind="hold" if flag.holds else "check",
        name=flag.name,
        said=f"{label.removesuffix('?')}: {_answer(flag.on, new)}",
        note=f"{flag.id}. {unknown} {'The medical lead decides before treatment.' if flag.holds else ''}".strip(),
    )


def _answer(name: str, new: NewReferral) -> str:
    if name == "patient.date_of_birth":
        return words.long_date(new.patient.date_of_birth)
    given = new.more.get(name, safety.current(new.safety).get(name))
    if given is None:
        return "not answered"
    if name in intake.ROWS:
        return answer_words.listed(intake.ROWS[name], given)
    field = intake.FIELDS.get(name) or intake.GATE[name]
    return answer_words.value(field, given).lower() if field.choices else answer_words.value(field, given)


def screened(dossier: Dossier) -> tuple[Row, ...]:
    """Return the screener, the attestation, the last assessment and the PHQ-9; none to who may not read them."""
    new = dossier.new
    if new is None:
        return ()
    assessed = [field for field in intake.STEPS["checklist"] if field.name.startswith("safety.")]
    scores = [field for field in intake.STEPS["tried"] if field.group == SCORES]
    # What stands first in the panel is said there with its history.
    return (*answer_words.gate(new.safety, dossier.zone)[1:], *answered(new.more, [*assessed, *scores]))


def clinical(dossier: Dossier) -> tuple[Section, ...]:
    """Return why now, what was tried, and the checklist; none to who may not read them."""
    new = dossier.new
    if new is None:
        return ()
    checklist = tuple(row for row in answer_words.checklist(new) if not row.name.startswith("safety."))
    return _filled(
        Section(id="why", heading="Why now", rows=answer_words.reason(new)),
        Section(id="tried", heading="How the patient is, and what was tried", rows=_tried(dossier, new)),
        Section(
            id="checklist", heading="Medicines, allergies, checklist", rows=(*checklist, *_not_answered(new))
        ),
    )


def _tried(dossier: Dossier, new: NewReferral) -> tuple[Row, ...]:
    rows = tuple(row for row in answer_words.more(new, "tried") if not row.name.startswith("phq9."))
    if "trials" not in new.more:
        return rows
    judged = findings.resistance(new, rules.local_day(dossier.referral.received_at))
    working = "\n".join(row.said for row in judged.rows)
    note = f"{judged.said}. Counted by the rule of {judged.version}."
    return (*rows, Row(label="Counts as adequate", value=working, note=note))


def _not_answered(new: NewReferral) -> tuple[Row, ...]:
    asked = [field for field in answer_words.ASKED_TOGETHER if field.group == CONDITIONS]
    left = answer_words.by_answer(new, asked)[None]
    return (Row(label=f"Not answered ({len(left)})", value="; ".join(left)),) if left else ()


def about_patient(dossier: Dossier) -> tuple[Row, ...]:
    """Return how to reach the patient and what helps, as far as the reader may know it."""
    return answered(dossier.answers, [field for field in intake.STEPS["patient"] if field.group != TRAVEL])


def journey(dossier: Dossier) -> tuple[Section, ...]:
    """Return travel and coverage, which a benefits specialist reads too."""
    travel = [field for field in intake.STEPS["patient"] if field.group == TRAVEL]
    coverage = [field for field in intake.STEPS["practice"] if field.name.startswith("coverage.")]
    return _filled(
        Section(id="travel", heading="Travel", rows=answered(dossier.answers, travel)),
        Section(id="coverage", heading="Coverage", rows=answered(dossier.answers, coverage)),
    )


def practice(dossier: Dossier) -> tuple[Row, ...]:
    """Return what else the practice said of itself."""
    coverage = ("coverage.",)
    fields = [field for field in intake.STEPS["practice"] if not field.name.startswith(coverage)]
    return answered(dossier.answers, fields)


def _filled(*sections: Section) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.rows)
