"""Give a practice a new link to a referral of its own, and end older ones; each new one leaves an entry in the trail."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import letters as words
from portal.domain.access import Permission
from portal.domain.audit import Act
from portal.domain.errors import NotAllowed
from portal.domain.letters import Site, Words
from portal.domain.lifecycle import OPEN
from portal.domain.orders import Actor, ActorKind
from portal.ledger import letters, trail
from portal.ledger.trail import About
from portal.models import Referral, StatusKey
from portal.queries import permissions, referrals, rules
from portal.vault import Keys, StatusLink

NOBODY = 0
"""No row has this id."""


def renew(reference: str, *, actor: Actor, keys: Keys, site: Site, now: datetime) -> int:
    """End every link of a referral, owe its referrer a mail with a new one, and return the id of the new key.

    Raises NotFound when the actor may not know of the referral, NotAllowed for a member who does not answer for
    referrers.
    """
    with write() as session:
        referral = referrals.get_locked(session, reference)
        held = permissions.get_held(session, actor, referral, now)
        if actor.kind is ActorKind.MEMBER and Permission.ANSWER_FOR_REFERRER not in held:
            raise NotAllowed("Your role at this clinic does not renew links.")
        in_use = sa.and_(StatusKey.referral_id == referral.id, StatusKey.revoked_at.is_(None))
        session.execute(sa.update(StatusKey).where(in_use).values(revoked_at=now))
        link = keys.new_status_link(now)
        _keep(session, referral.id, link)
        letters.owe_to(session, _email(referral), _words(site, reference, link), now=now)
        trail.note(session, Act.LINK_RENEWED, actor=actor, at=now, about=_about(referral))
        return referrals.latest_status_key(session, referral.id).id


def send_again(reference: str, email: str, *, actor: Actor, keys: Keys, site: Site, now: datetime) -> None:
    """Owe the referrer a mail with one more link, where reference and email fit and it may still be followed.

    Where they do not, the same is asked and written to no end, so that nobody can measure whether they do. Older links
    stay: a stranger who knows both ends nobody's.
    """
    with write() as session:
        referral = referrals.find(session, reference)
        fits = referral is not None and _may_be_sent(referral, email, keys, now)
        link = keys.new_status_link(now)
        _keep(session, referral.id if referral and fits else NOBODY, link)
        said = _words(site, reference, link)
        if referral and fits:
            letters.owe_to(session, _email(referral), said, now=now)
            trail.note(session, Act.LINK_RENEWED, actor=actor, at=now, about=_about(referral))
        else:
            letters.owe_nobody(session, said, now=now)
            about = About(facts={"asked": "a status link"})
            trail.note(session, Act.REFUSED, actor=actor, at=now, about=about)


def _may_be_sent(referral: Referral, email: str, keys: Keys, now: datetime) -> bool:
    lately = referral.moved_at > now - timedelta(days=keys.link_days)
    return _email(referral).casefold() == email.casefold() and (referral.status in OPEN or lately)


def _keep(session: Session, referral_id: int, link: StatusLink) -> None:
    # One statement, which adds nothing where there is no such referral.
    key = StatusKey.__table__.c
    row = sa.select(
        Referral.id,
        sa.literal(link.salt, key.salt.type),
        sa.literal(link.digest, key.digest.type),
        sa.literal(link.expires_at, key.expires_at.type),
    ).where(Referral.id == referral_id)
    session.execute(sa.insert(StatusKey).from_select(["referral_id", "salt", "digest", "expires_at"], row))


def _words(site: Site, reference: str, link: StatusLink) -> Words:
    until = rules.local_day(link.expires_at)
    return words.status_link(site, reference=reference, key=link.key, until=until)


def _email(referral: Referral) -> str:
    return str(referral.answers["referrer"]["email"])


def _about(referral: Referral) -> About:
    return About(referral_id=referral.id, clinic_id=referral.clinic_id)
