"""Coded reasons for moves, with the words people pick from.

Source: the referral rules of the network, mapped to the three codes of the NHS e-Referral Service
(01 duplicate, 02 not for this service, 03 incomplete). They need the clinical lead's sign-off.
"""

from collections.abc import Collection, Mapping

from portal.domain.access import Permission
from portal.domain.lifecycle import Move

DECLINE = {
    "DC01": "Duplicate, or already being treated elsewhere",
    "DC02": "The network does not treat this condition",
    "DC09": "No safe way to travel home, after help was offered",
}
DECLINE_CLINICALLY = {
    "DC03": "A contraindication is confirmed",
    "DC04": "Standard treatment has not been tried and should be first",
    "DC05": "Needs a higher level of care",
}
ASK = {
    "IN01": "Treatments tried: dose, length, response",
    "IN02": "A current score",
    "IN03": "The medicine list",
    "IN04": "History and physical, or a letter",
    "IN05": "Blood pressure or tests",
    "IN06": "Who made the diagnosis",
    "IN07": "A suicide-risk assessment",
    "IN08": "Consent or a release",
    "IN09": "Coverage",
    "IN10": "Escort or travel",
    "IN11": "Something that holds treatment",
    "IN12": "How to reach the patient",
}
TRANSFER = {
    "RD01": "Not offered at this clinic",
    "RD02": "Outside this clinic's ages",
    "RD03": "Payer not accepted here",
    "RD04": "Needs closer monitoring",
    "RD05": "Licence or telehealth state",
    "RD06": "Language or access",
    "RD07": "The wait here is too long",
    "RD08": "The other clinic is nearer",
    "RD09": "The patient or the referrer chose it",
    "RD11": "Mood or pain clinic needed",
}
ALL: Mapping[str, str] = DECLINE | DECLINE_CLINICALLY | ASK | TRANSFER


def choices(move: Move, held: Collection[Permission]) -> Mapping[str, str]:
    """Return the codes that somebody with these permissions may give for a move; empty when it takes none."""
    if move is Move.DECLINE:
        return DECLINE | (DECLINE_CLINICALLY if Permission.DECLINE_CLINICALLY in held else {})
    return {Move.ASK: ASK, Move.TRANSFER: TRANSFER}.get(move, {})
