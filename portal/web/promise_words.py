"""What happens next and by when, in words; the numbers come from the rules, the hours are said to be assumed."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.listings import Listing
from portal.domain.vocabulary import Tier
from portal.queries import rules
from portal.web import words

READ_BY_CLINIC = "A nurse reads it by {look}."
READ_BY_TEAM = "The network's intake team reads it by {look}, looks for a clinic and writes to your practice."


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """The promised times of one referral as words; `call` is None where no call is promised before the visit."""

    zone: str
    look_at: datetime
    look: str
    reads: str
    """Who reads it by then, as a sentence."""
    call: str | None
    visit: str
    hours: str


def promised(received_at: datetime, tier: Tier, clinic: Listing | None) -> Promised:
    """Return what a clinic (None: the network's intake team) promises for a referral received at a moment."""
    zone = clinic.zone if clinic else rules.get_targets().intake_zone
    times = rules.promises(received_at, tier, clinic)
    look = words.when(times.first_look_at, zone)
    return Promised(
        zone=zone,
        look_at=times.first_look_at,
        look=look,
        reads=(READ_BY_CLINIC if clinic else READ_BY_TEAM).format(look=look),
        call=words.when(times.contact_at, zone) if times.contact_at else None,
        visit=words.day(times.consultation_on),
        hours=(
            f"Times are {words.zone_name(zone)} and count Monday to Friday, 9 am to 5 pm: "
            f"assumed, not yet confirmed by the {'clinic' if clinic else 'network'}.{_unsigned()}"
        ),
    )


def _unsigned() -> str:
    signed = rules.get_targets().signed_off_by
    return (
        "" if signed else " How soon is a proposal that the network's clinical lead has not signed off yet."
    )
