"""The travel sheet for Alaska Medicaid: the routing facts as they are kept, lines for what is not known, and no decision.

Source: 7 AAC 120.410 (the provider asks for prior authorization; the least expensive way to the closest appropriate provider).
"""

from dataclasses import dataclass

from portal.domain import intake, reading
from portal.domain.places import Place
from portal.domain.routing import Candidate, Placement
from portal.domain.vocabulary import CONDITION_LABELS
from portal.queries import rules
from portal.queries.paper import Printed
from portal.queries.rules import Course
from portal.web import answer_words, paper_summary, routing_words, words
from portal.web.answer_words import Row
from portal.web.listing_words import Entry
from portal.web.routing_words import Judged

STATE = "AK"
PAYER = "medicaid"
JUDGED_MOST = 6
NEAREST = "Of the {count} in this portal's directory it is the nearest that accepts this referral, by straight line."
NOT_NEAREST = "A nearer clinic suits too: {names}. Write below why the patient goes farther."
FAR_UNKNOWN = "How far it is is not known here, so this sheet cannot say that it is the closest."
UNSIGNED = "Needs sign-off by the network's clinical lead."
NOT_GIVEN = "Not given"


@dataclass(frozen=True, kw_only=True, slots=True)
class Travel:
    """What the sheet places."""

    patient: tuple[Row, ...]
    place: str
    clinic: Entry
    far: str
    closest: str
    needs_reason: bool
    """Whether the sheet cannot say by itself that it is the closest."""
    judged: tuple[Judged, ...]
    others: int
    """How many more clinics were looked at."""
    rule_version: str
    course: Course
    unsigned: str
    along: tuple[Row, ...]
    referrer: tuple[Row, ...]


def is_offered(place: Place | None, placement: Placement) -> bool:
    """Tell whether the sheet is of use: the patient is in Alaska, and a clinic has the referral."""
    return place is not None and place.state == STATE and placement.chosen is not None


def find(printed: Printed) -> Travel | None:
    """Return the sheet of a referral, None where it is of no use."""
    placement, place = printed.decision.placement, printed.place
    clinic, chosen = paper_summary.find_clinic(printed), routing_words.find_chosen(placement)
    if not is_offered(place, placement) or clinic is None or chosen is None or place is None:
        return None
    course = rules.get_course()
    judged = [each for each in placement.candidates if each is not chosen]
    return Travel(
        patient=_patient(printed),
        place=place.label,
        clinic=clinic,
        far=words.capital(routing_words.distance(chosen)),
        closest=_closest(placement, chosen),
        needs_reason=chosen.distance_km is None or bool(_nearer(placement, chosen)),
        judged=tuple(_judged(each) for each in judged[:JUDGED_MOST]),
        others=len(judged[JUDGED_MOST:]),
        rule_version=placement.rule_version,
        course=course,
        unsigned="" if course.signed_off_by else UNSIGNED,
        along=_along(printed),
        referrer=_referrer(printed),
    )


def _closest(placement: Placement, chosen: Candidate) -> str:
    if chosen.distance_km is None:
        return FAR_UNKNOWN
    nearer = _nearer(placement, chosen)
    if nearer:
        return NOT_NEAREST.format(
            names="; ".join(f"{each.name}, {routing_words.distance(each)}" for each in nearer)
        )
    count = len(placement.candidates)
    return NEAREST.format(count="one clinic" if count == 1 else f"{count} clinics")


def _nearer(placement: Placement, chosen: Candidate) -> tuple[Candidate, ...]:
    """Return the clinics that suit and are nearer than the chosen one."""
    if chosen.distance_km is None:
        return ()
    return tuple(
        each
        for each in placement.kept
        if each.distance_km is not None and each.distance_km < chosen.distance_km
    )


def _judged(candidate: Candidate) -> Judged:
    standing = "Suits too." if candidate.kept else "Does not suit:"
    said = routing_words.reasons(candidate)
    return Judged(
        name=candidate.name,
        far=words.capital(routing_words.distance(candidate)),
        result=f"{standing} {said if candidate.kept else said[:1].lower() + said[1:]}".strip(),
    )


def _patient(printed: Printed) -> tuple[Row, ...]:
    new = printed.new
    code = new.more.get("diagnosis.code")
    condition = CONDITION_LABELS[new.condition]
    return (
        Row(label="Patient", value=new.patient.name),
        Row(label="Date of birth", value=words.long_date(new.patient.date_of_birth)),
        Row(label="Phone", value=reading.phone_words(new.patient.phone)),
        Row(label="Medicaid ID", value=_member_id(printed)),
        Row(label="Referred for", value=f"{condition} ({code})" if code else condition),
    )


def _member_id(printed: Printed) -> str:
    more = printed.new.more
    return more.get("coverage.member_id", "") if more.get("coverage.payer") == PAYER else ""


def _along(printed: Printed) -> tuple[Row, ...]:
    """Return who comes along and where they stay, as it was answered."""
    return tuple(
        Row(label=label, value=_answer(printed, name))
        for label, name in (
            ("Somebody can come along", "travel.escort"),
            ("Stays during the course", "travel.stays_at"),
            ("Wants help with travel", "travel.help"),
            ("Help needed with access", "patient.accommodation"),
        )
    )


def _referrer(printed: Printed) -> tuple[Row, ...]:
    referrer = printed.new.referrer
    return (
        Row(label="Clinician", value=referrer.name),
        Row(label="NPI", value=printed.new.more.get("referrer.npi", "")),
        Row(label="Practice", value=referrer.practice),
        Row(label="Phone", value=_answer(printed, "referrer.phone", "")),
    )


def _answer(printed: Printed, name: str, otherwise: str = NOT_GIVEN) -> str:
    given = printed.new.more.get(name)
    return otherwise if given is None else answer_words.value(intake.FIELDS[name], given)
