"""What a clinic must know before anybody is treated: medicines, allergies, conditions that hold treatment, vital signs.

Blank is not "no": every question has "not known", and what is not known is a flag for the nurse, never a pass.
"""

from collections.abc import Mapping

from portal.domain import measures
from portal.domain.intake.field import (
    Control,
    Field,
    Known,
    Rows,
    dated,
    line,
    listed_or_not,
    whole,
    yes_no,
)

NOW = "Happening now"
CONDITIONS = "Conditions that may hold treatment"
VITALS = "Vital signs and checks"

EMERGENCIES: Mapping[str, str] = {
    "now.harm_to_others": "Intent or plan to harm another person?",
    "now.severe_mental_state": "Commanding voices, severe psychosis, mania or delirium, or refusing all food or fluids?",
    "now.medical_emergency": "Chest pain, fainting, trouble breathing, signs of a stroke, worst headache ever, or severe withdrawal?",
    "now.new_nerve_signs": "New leg weakness, numb saddle area, or lost control of bladder or bowel?",
    "now.intoxicated": "Intoxicated now and not safe?",
    "now.person_in_danger": "A child or vulnerable adult in danger now?",
}
HOLDS: Mapping[str, tuple[str, str]] = {
    "checklist.psychosis": ("Psychosis, now or before", "H01"),
    "checklist.mania": ("Mania, hypomania or mixed state now", "H02"),
    "checklist.high_blood_pressure": ("High blood pressure that is not controlled", "H03"),
    "checklist.heart": ("Heart attack, unstable angina, heart failure or arrhythmia", "H04"),
    "checklist.stroke": ("Stroke or bleeding in the brain", "H05"),
    "checklist.aneurysm": ("Aneurysm or malformed blood vessels", "H05"),
    "checklist.head": ("Raised pressure in the skull, brain tumor or recent head injury", "H06"),
    "checklist.eye": ("Glaucoma or raised eye pressure", "H06"),
    "checklist.liver": ("Severe liver disease", "H08"),
    "checklist.kidney": ("Kidney disease", "W09"),
    "checklist.thyroid": ("Overactive thyroid", "H09"),
    "checklist.porphyria": ("Porphyria", "H16"),
    "checklist.pregnancy": ("Pregnant, trying to become so, or breastfeeding", "H07"),
    "checklist.substances": ("Alcohol or drug problem now", "H10"),
    "checklist.ketamine_misuse": ("Misuse of ketamine or PCP, ever", "H10"),
    "checklist.bladder": ("Bladder pain or cystitis", "W09"),
    "checklist.seizures": ("Seizures", "W10"),
    "checklist.breathing": ("Sleep apnea, lung disease or oxygen at home", "W11"),
    "checklist.dementia": ("Dementia or delirium, or cannot decide for themselves", "H12"),
    "checklist.dissociation": ("Severe dissociative or personality disorder", "W13"),
    "checklist.anesthesia": ("Difficult anesthesia before", "W12"),
    "checklist.weight": ("Body mass index of 40 or more", "W11"),
}
"""The words of each question, and the flag of the triage policy that "yes" or "not known" raises."""


def _pressure(typed: str, _known: Known) -> str:
    return "{}/{}".format(*measures.blood_pressure(typed))


FIELDS = (
    *(yes_no(name, label, group=NOW) for name, label in EMERGENCIES.items()),
    listed_or_not("checklist.medicines", "Medicines"),
    listed_or_not("checklist.allergies", "Allergies"),
    *(yes_no(name, label, group=CONDITIONS) for name, (label, _flag) in HOLDS.items()),
    line("checklist.remission", "If an alcohol or drug problem is over, since when", "March 2025", most=80, group=CONDITIONS),
    Field(name="vitals.blood_pressure", label="Blood pressure", hint="Like 126/79.", most=12, reader=_pressure, example="126/79", group=VITALS),
    Field(name="vitals.heart_rate", label="Heart rate", hint="Beats a minute.", most=12, reader=whole(25, 220, "the heart rate", "bpm", "/min"), example="72", control=Control.NUMBER, group=VITALS),
    Field(name="vitals.oxygen", label="Oxygen saturation", hint="Percent.", most=12, reader=whole(50, 100, "the oxygen saturation", "%", "percent", "per cent"), example="97", control=Control.NUMBER, group=VITALS),
    dated("vitals.date", "Measured on", group=VITALS),
    Field(name="vitals.weight", label="Weight", hint="In lb or kg, like 165 lb.", most=12, reader=lambda typed, _known: f"{measures.weight(typed):g} kg", example="165 lb", group=VITALS),
    Field(name="vitals.height", label="Height", hint="Like 5 ft 7 or 170 cm.", most=12, reader=lambda typed, _known: f"{measures.height(typed):g} cm", example="170 cm", group=VITALS),
    dated("pdmp.reviewed_on", "Prescription monitoring program reviewed on", group=VITALS),
)  # fmt: skip
MEDICINES = Rows(
    name="medicines",
    label="Medicines taken now",
    one="medicine",
    columns=(line("name", "Medicine", "Sertraline", most=120), line("dose", "Dose and how often", "150 mg each morning", most=120)),
    status="checklist.medicines",
)  # fmt: skip
ALLERGIES = Rows(
    name="allergies",
    label="Allergies",
    one="allergy",
    columns=(line("substance", "Allergic to", "Penicillin", most=120), line("reaction", "Reaction", "Rash", most=120)),
    status="checklist.allergies",
)  # fmt: skip
