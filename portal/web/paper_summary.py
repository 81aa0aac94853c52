"""The summary of a sent referral: for a chart, a fax or a colleague, with nothing left out that was answered."""

from dataclasses import dataclass

from portal.db import db
from portal.domain import intake
from portal.domain.intake import NewReferral
from portal.domain.intake.checklist import ALLERGIES, MEDICINES
from portal.domain.vocabulary import Tier
from portal.doors.world import world
from portal.queries import directory
from portal.queries.paper import Printed
from portal.queries.referrals import INTAKE_NAME
from portal.web import answer_words, listing_words, paper_words, routing_words, words
from portal.web.answer_words import Row
from portal.web.listing_words import Entry

ALWAYS = 3
"""Of the rows of the reason, those that every referral has: condition, why, how soon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Answers under one heading."""

    name: str
    rows: tuple[Row, ...]
    brief: tuple[Row, ...] = ()
    """Short answers, for two columns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What the sheet places."""

    received: str
    tier: Tier
    clinic: Entry | None
    clinic_name: str
    why: str
    safety: tuple[Row, ...]
    patient: tuple[Row, ...]
    reason: Section
    trials: tuple[Row, ...]
    no_trials: str
    """What was said in place of trials."""
    adequate: str
    sections: tuple[Section, ...]
    referrer: tuple[Row, ...]
    later: tuple[Row, ...]
    """What the clinic and the practice said since, oldest first."""
    files: tuple[str, ...]


def read(printed: Printed) -> Summary:
    """Return the summary of a referral."""
    new, placement = printed.new, printed.decision.placement
    clinic = find_clinic(printed)
    return Summary(
        received=moment(printed),
        tier=printed.tier,
        clinic=clinic,
        clinic_name=clinic.name if clinic else INTAKE_NAME,
        why=routing_words.why(placement, printed.decision.place),
        safety=paper_words.safety(new, zone(printed)),
        patient=paper_words.patient(printed),
        reason=_reason(new),
        trials=paper_words.trials(printed),
        no_trials=paper_words.listed(new, intake.ROWS["trials"]),
        adequate=paper_words.adequate(printed),
        sections=_sections(printed),
        referrer=answer_words.practice(new),
        later=paper_words.said_since(printed.happenings, zone(printed)),
        files=printed.files,
    )


def _sections(printed: Printed) -> tuple[Section, ...]:
    new = printed.new
    medicines = tuple(
        Row(label=rows.label, value=paper_words.listed(new, rows)) for rows in (MEDICINES, ALLERGIES)
    )
    told = (
        Section(name="How the patient is", rows=(), brief=paper_words.answered(new, intake.STEPS["tried"])),
        Section(
            name="Medicines and checklist",
            rows=(*medicines, *paper_words.by_answer(new)),
            brief=paper_words.checklist(new),
        ),
    )
    return tuple(section for section in told if section.rows or section.brief)


def _reason(new: NewReferral) -> Section:
    rows = answer_words.reason(new)
    return Section(name="Referred for", rows=rows[:ALWAYS], brief=rows[ALWAYS:])


def find_clinic(printed: Printed) -> Entry | None:
    """Return the clinic it went to as pages tell it; None is the network's intake team."""
    listing = directory.current(db.session()).find(printed.decision.placement.chosen or "")
    return listing_words.entry(directory.measured(listing, None)) if listing else None


def zone(printed: Printed) -> str:
    """Return the time zone in which a sheet tells its times: the clinic's, else the network's own."""
    listing = directory.current(db.session()).find(printed.decision.placement.chosen or "")
    return listing.zone if listing else world().settings.home_zone


def moment(printed: Printed) -> str:
    """Return when it was received, like "Monday 23 November 2026, 11:00 am Alaska time"."""
    return words.stamp(printed.received_at, zone(printed))
