"""Second factors by code: steps of an authenticator app, and recovery codes for when it is lost.

Sources: RFC 6238, NIST SP 800-63B-4 3.1.2 and 3.1.4, OWASP ASVS 5.0 6.5.1 to 6.5.5.
"""

from random import Random

STEP_SECONDS = 30
RECOVERY_CODES = 8
RECOVERY_GROUPS, RECOVERY_GROUP = 5, 5
# Five bits a character, 125 in all, without I, L, O and U: a plain digest of so much chance cannot be guessed back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def draw_recovery_code(source: Random) -> str:
    """Draw a code like "7KQ49-2MDX1-0F3TZ-A8WQP-5JH6C" from a source of randomness that nobody can foresee."""
    groups = ("".join(source.choices(ALPHABET, k=RECOVERY_GROUP)) for _ in range(RECOVERY_GROUPS))
    return "-".join(groups)


def read_recovery_code(typed: str) -> str:
    """Return what somebody typed as it is digested: any case, spaces or none, look-alikes read as what was meant."""
    return "".join(char for char in typed.upper() if char.isalnum()).translate(LOOK_ALIKES)


def read_code(typed: str) -> str:
    """Return the digits of a code from an authenticator app, which are often typed in two groups."""
    return "".join(typed.split())
