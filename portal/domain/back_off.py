"""How long somebody waits after tries that failed; pure rules over counts.

Sources: NIST SP 800-63B-4 3.2.2 (no more than 100 failures of an account in a row), OWASP ASVS 5.0 6.3.1 and 6.6.3.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from portal.domain.errors import PortalError

NEVER = timedelta(days=36_500)


class Counted(StrEnum):
    """What tries are counted by."""

    ACCOUNT = "account"
    """An email, with or without a member behind it: passwords, codes and recovery codes together."""
    LETTER = "letter"
    """An email that a link is asked for."""
    PROOF = "proof"
    """A referral whose patient's date of birth is asked for. There are few dates, so the waits grow to a day."""
    ADDRESS = "address"
    """Where they come from. A whole clinic may share one, so it is given more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How many tries are free, and how the waits after them grow."""

    free: int
    first: timedelta
    longest: timedelta
    most: int | None = None
    """From this many on nobody tries again, until the member proves who they are in another way."""
    forgotten_after: timedelta = NEVER

    def wait(self, failures: int) -> timedelta:
        """Return how long nobody may try after this many failures in a row."""
        if self.most and failures >= self.most:
            return NEVER
        over = failures - self.free
        # The exponent is capped too: a count of years must not overflow.
        return min(self.first * 2 ** min(over, 20), self.longest) if over >= 0 else timedelta(0)


RULES = {
    Counted.ACCOUNT: Rule(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15), most=100),
    Counted.LETTER: Rule(
        free=3, first=timedelta(minutes=5), longest=timedelta(hours=1), forgotten_after=timedelta(days=1)
    ),
    Counted.PROOF: Rule(free=5, first=timedelta(minutes=1), longest=timedelta(days=1)),
    Counted.ADDRESS: Rule(
        free=30,
        first=timedelta(seconds=30),
        longest=timedelta(minutes=15),
        forgotten_after=timedelta(hours=1),
    ),
}


class TooSoon(PortalError):
    """Nobody may try before `until`, right or wrong; the same for accounts that are not there."""

    def __init__(self, until: datetime) -> None:
        super().__init__("There were too many tries in a row.")
        self.until = until


def origin(address: str) -> str:
    """Return what an address is counted as: itself, or for IPv6 the network that one customer is given."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address
