"""Who refers, who pays, and the patient's agreement."""

from portal.domain import measures, reading
from portal.domain.intake.field import Control, Field, by, choice, line, text

YOU = "More about you"
COVER = "Coverage"

CREDENTIALS = {
    "md": "MD",
    "do": "DO",
    "np": "NP",
    "pa": "PA",
    "pmhnp": "PMHNP",
    "psychologist": "PhD or PsyD",
    "social_worker": "LCSW",
    "counselor": "LPC or LMFT",
    "health_aide": "Community health aide or practitioner",
    "other": "Other",
}
ROLES = {
    "primary_care": "Primary care",
    "psychiatry": "Psychiatry",
    "therapy": "Therapy",
    "pain": "Pain",
    "emergency": "Emergency department",
    "va": "VA",
    "tribal_health": "Tribal health",
    "other": "Other",
}
KEEPS = {"yes": "Yes", "no": "No", "other": "Another clinician does"}
PAYERS = {
    "medicaid": "Medicaid or state",
    "medicare": "Medicare",
    "commercial": "Commercial",
    "va": "VA",
    "tricare": "TRICARE",
    "tribal": "Indian Health Service or tribal",
    "workers_comp": "Workers' compensation",
    "self_pay": "Pays themselves",
    "other": "Other",
    "not_known": "Not known",
}
MEMBER_ID_LEAST, MEMBER_ID_MOST = 4, 30


def _member_id(typed: str) -> str:
    clean = typed.strip()
    bare = clean.replace("-", "")
    if not (MEMBER_ID_LEAST <= len(clean) <= MEMBER_ID_MOST and bare.isascii() and bare.isalnum()):
        raise ValueError("Enter 4 to 30 letters, digits and hyphens, as on the card")
    return clean


def _phone(name: str, label: str, hint: str) -> Field:
    return Field(
        name=name,
        label=label,
        hint=hint,
        most=40,
        reader=by(reading.phone),
        example="907-555-0150",
        control=Control.PHONE,
        group=YOU,
    )


FIELDS = (
    Field(
        name="referrer.name",
        label="Referrer's name",
        hint="The clinician who refers, with credential.",
        most=160,
        reader=by(reading.name, most=160),
        example="Aster Mockingham, MD",
        missing="Enter the referrer's name",
    ),
    Field(
        name="referrer.practice",
        label="Practice",
        hint="Name and town of the practice.",
        most=200,
        reader=text(200),
        example="Example Kuskokwim Family Practice, Bethel",
        missing="Enter the practice",
    ),
    Field(
        name="referrer.email",
        label="Email for decisions",
        hint="Every decision is sent here, without patient details.",
        most=254,
        reader=by(reading.email),
        example="referrals@example.com",
        missing="Enter an email address for decisions",
        control=Control.EMAIL,
    ),
    choice("referrer.credential", "Credential", CREDENTIALS, group=YOU),
    Field(name="referrer.npi", label="NPI", hint="The clinician's own, ten digits.", most=30, reader=by(measures.npi), example="2999900014", control=Control.NUMBER, group=YOU),
    _phone("referrer.phone", "Phone", "For a call back when something is urgent."),
    _phone("referrer.fax", "Fax", "Only a line that is secure."),
    choice("referrer.role", "Where you work", ROLES, group=YOU),
    choice("referrer.keeps_prescribing", "Will you go on prescribing and following up?", KEEPS, group=YOU),
    line("care.primary", "Primary care clinician, if not you", "None", most=200, group=YOU),
    line("care.mental_health", "Mental-health clinician, if not you", "None", most=200, group=YOU),
    choice("coverage.payer", "Who pays", PAYERS, hint="Never changes how soon a patient is seen.", group=COVER),
    line("coverage.payer_name", "Name of the plan", "Example Health Plan", most=120, group=COVER),
    Field(name="coverage.member_id", label="Member ID", most=30, reader=by(_member_id), example="SYN-000123", group=COVER),
    line("coverage.authorization", "Prior or VA authorization number", "None", most=40, group=COVER),
)  # fmt: skip
CONSENT = Field(
    name="consent",
    label="The patient agrees to this referral and to sharing these answers with the clinic or the network's intake team.",
    most=5,
    reader=by(reading.yes),
    example="yes",
    missing=reading.NOT_CONFIRMED,
    control=Control.TICK,
)
