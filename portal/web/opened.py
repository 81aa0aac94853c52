"""The referrals that this browser opened, and whose patient it proved to know; the session remembers no key and no patient."""

from flask import session

from portal import vault
from portal.db import db
from portal.domain.errors import NotFound
from portal.doors.world import now
from portal.queries import referrals

OPENED, PROVEN, SENDER = "opened", "proven", "sender"
MOST = 20


def remember(reference: str, key_id: int) -> None:
    """Keep a referral open in this browser; beyond twenty the one opened longest ago is closed."""
    others = [pair for pair in session.get(OPENED, []) if pair[0] != reference]
    # A list of pairs: the session is written as JSON with sorted keys, which would lose the order of a mapping.
    session[OPENED] = [*others, [reference, key_id]][-MOST:]


def find_key_id(reference: str) -> int | None:
    """Return the id of the status key that opens a referral here, while the key may be used."""
    key_id = dict(session.get(OPENED, [])).get(reference)
    if key_id is None or referrals.find_valid_status_key(db.session(), key_id, now()) is None:
        return None
    return int(key_id)


def get_key_id(reference: str) -> int:
    """Return the id of the status key that opens a referral here; raise NotFound."""
    key_id = find_key_id(reference)
    if key_id is None:
        raise NotFound
    return key_id


def note_sender() -> None:
    """Give this session a name before it sends, so that whoever lost the answer is told from others with the key."""
    session.setdefault(SENDER, vault.new_key())


def sender() -> str:
    """Return what stands for whoever sends from this session; one without a name is somebody new each time."""
    return vault.digest(session.get(SENDER) or vault.new_key())


def prove(reference: str) -> None:
    """Note that whoever sits here knows the patient of a referral: they filed it, or told the date of birth."""
    others = [each for each in session.get(PROVEN, []) if each != reference]
    session[PROVEN] = [*others, reference][-MOST:]


def proven() -> list[str]:
    """Return the referrals whose patient whoever sits here knows, while their keys may be used."""
    return [reference for reference in session.get(PROVEN, []) if find_key_id(reference)]


def is_proven(reference: str) -> bool:
    """Tell whether this browser may be shown who the patient of an opened referral is."""
    return reference in session.get(PROVEN, []) and find_key_id(reference) is not None
