"""Who the patient is, how to reach them, and how they travel."""

from portal.domain import reading
from portal.domain.intake.field import Control, Field, by, choice, line, on_day, text, yes_no

REACH = "Reaching the patient"
ABOUT = "About the patient"
TRAVEL = "Travel and staying"

LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "esu": "Central Yup'ik",
    "ik": "Inupiaq",
    "tl": "Tagalog",
    "ko": "Korean",
    "hmn": "Hmong",
    "ru": "Russian",
    "sm": "Samoan",
    "vi": "Vietnamese",
    "ase": "American Sign Language",
    "other": "Another language",
}
SEXES = {"female": "Female", "male": "Male", "intersex": "Intersex", "not_said": "Prefers not to say"}
SERVICE = {"none": "No", "veteran": "Veteran", "active": "Active duty", "not_known": "Not known"}
ESCORTS = {"yes": "Yes", "no": "No", "need_help": "Needs help with this", "not_known": "Not known"}

FIELDS = (
    Field(
        name="patient.name",
        label="Patient's name",
        hint="First and last name, as in your chart.",
        most=160,
        reader=by(reading.name, most=160),
        example="Cedar Sampleton",
        missing="Enter the patient's name",
    ),
    Field(
        name="patient.date_of_birth",
        label="Date of birth",
        hint="Month day year, like 3 27 1985.",
        most=40,
        reader=on_day(reading.birth_date),
        example="1985-03-27",
        missing="Enter the date of birth, like 3 27 1985",
    ),
    Field(
        name="patient.phone",
        label="Mobile or home phone",
        hint="The clinic calls this number to set the first visit.",
        most=40,
        reader=by(reading.phone),
        example="907-555-0142",
        missing="Enter a phone number with area code",
        control=Control.PHONE,
    ),
    Field(
        name="patient.place",
        label="Where the patient will be",
        hint="Around the first visit, which need not be home: town, village, ZIP code or address. The nearest clinic is found from it.",
        most=200,
        reader=text(200),
        example="Bethel, AK",
        missing="Enter where the patient will be",
    ),
    yes_no("patient.message_ok", "May the clinic leave a message?", group=REACH),
    yes_no("patient.text_ok", "May the clinic send a text message?", group=REACH),
    Field(
        name="patient.email",
        label="Patient's email",
        most=254,
        reader=by(reading.email),
        example="patient@example.com",
        control=Control.EMAIL,
        group=REACH,
    ),
    yes_no("patient.email_ok", "May the clinic write to this address?", group=REACH),
    line("patient.emergency_contact", "Emergency contact", "Birch Sampleton, brother, 907-555-0143", group=REACH),
    line("patient.guardian", "Guardian or representative", "None", hint="Name, phone and relationship, if there is one.", group=REACH),
    line("patient.name_used", "Name used, pronouns", "Cedar, they", most=80, group=ABOUT),
    choice("patient.sex", "Sex assigned at birth", SEXES, hint="For the safety of medicines.", group=ABOUT),
    choice("patient.language", "Preferred language", LANGUAGES, group=ABOUT),
    yes_no("patient.interpreter", "Interpreter needed?", group=ABOUT),
    line("patient.accommodation", "Help needed with access", "Wheelchair", hint="Wheelchair, hearing, vision or other.", group=ABOUT),
    choice("patient.service", "Veteran or active duty?", SERVICE, group=ABOUT),
    choice("travel.escort", "Can somebody come along to each visit and stay the night after?", ESCORTS, hint="Nobody drives until the next day.", group=TRAVEL),
    line("travel.stays_at", "Where the patient will stay during the course", "With family in Anchorage", hint="If it is not at home.", group=TRAVEL),
    yes_no("travel.help", "Does the patient want help with travel?", group=TRAVEL),
    line("travel.consult_state", "State in which the patient will be for a consultation by video", "AK", most=40, group=TRAVEL),
)  # fmt: skip
