"""Give members new passwords: by a link that is mailed to them and works once, or by their own old one."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import vault
from portal.db import write
from portal.domain import letters as words
from portal.domain.audit import Act
from portal.domain.errors import NotFound
from portal.domain.letters import LINK_FOR, Change, Site
from portal.domain.orders import Actor
from portal.ledger import letters, sign_ins, trail
from portal.ledger.trail import About
from portal.models import Member
from portal.queries import members
from portal.vault import Keys


def send_link(email: str, *, keys: Keys, site: Site, now: datetime) -> None:
    """Owe a member the link to a new password; for an email that is no active member's, do the same to no end."""
    with write() as session:
        found = members.find_mark(session, email)
        member_id, mark = found or (0, vault.new_key())
        link = words.new_password(site, key=keys.password_key(member_id, mark, now + LINK_FOR))
        if found:
            letters.owe(session, member_id, link, now=now)
        else:
            letters.owe_nobody(session, link, now=now)


def choose(key: str, digest: str, *, keys: Keys, actor: Callable[[int], Actor], now: datetime) -> None:
    """Set the password of whoever a link was mailed to, and spend the link; raise NotFound when it opens nothing.

    No letter goes out: whoever chose it has just read one.
    """
    with write() as session:
        member = members.find_by_password_key(session, key, keys=keys, now=now)
        if member is None:
            raise NotFound
        _set(session, member, digest, how="by link", actor=actor(member.id), now=now)
        # The mailbox has shown who they are; without this, whoever guesses a hundred times locks them out.
        sign_ins.forget_tries(session, member.email)


def change(actor: Actor, digest: str, *, old: str, site: Site, now: datetime) -> None:
    """Set the password of a member who knew the old one, and end their sessions.

    `old` is the digest that was checked: who changed it in between, was first.
    """
    with write() as session:
        member = session.get_one(Member, int(actor.id), with_for_update=True)
        if member.password != old:
            raise NotFound
        _set(session, member, digest, how="by the old one", actor=actor, now=now)
        letters.owe(session, member.id, words.changed(site, Change.PASSWORD), now=now)


def _set(session: Session, member: Member, digest: str, *, how: str, actor: Actor, now: datetime) -> None:
    # Every session and every open link stands on the mark; of two who bring the same, the second finds it changed.
    changed = session.execute(
        sa.update(Member)
        .where(Member.id == member.id, Member.fs_uniquifier == member.fs_uniquifier)
        .values(password=digest, fs_uniquifier=vault.new_key())
        .returning(Member.id)
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        raise NotFound
    sign_ins.end_sessions(session, member.id, now=now)
    about = About(member_id=member.id, facts={"change": "password", "how": how})
    trail.note(session, Act.MEMBER_CHANGED, actor=actor, at=now, about=about)
