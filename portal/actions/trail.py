"""Write down an act that changes nothing else: a look, a sign-in, a refusal."""

from collections.abc import Iterable
from datetime import datetime

from portal.db import write
from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import NOTHING, About, Noted


def note(act: Act, *, actor: Actor, now: datetime, about: About = NOTHING) -> None:
    """Write down one act, before its answer is shown."""
    with write() as session:
        trail.note(session, act, actor=actor, at=now, about=about)


def note_all(noted: Iterable[Noted], *, now: datetime) -> None:
    """Write down several acts in their order, all or none."""
    with write() as session:
        for each in noted:
            trail.note(session, each.act, actor=each.actor, at=now, about=each.about)
