"""The states of a referral and its moves: the page, the form door, the machine door and the tests all read one table."""

from portal.domain.lifecycle.names import LOOKS, OPEN, TAKEN_ON, WAITING_ON, Move, Status
from portal.domain.lifecycle.table import RULES, End, Need, Rule
from portal.domain.lifecycle.ways import Facts, after, offered, offered_to_referrer, ways

__all__ = [
    "LOOKS",
    "OPEN",
    "RULES",
    "TAKEN_ON",
    "WAITING_ON",
    "End",
    "Facts",
    "Move",
    "Need",
    "Rule",
    "Status",
    "after",
    "offered",
    "offered_to_referrer",
    "ways",
]
