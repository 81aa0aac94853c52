"""Write down an act that changes nothing else: a look, a sign-in, a refusal."""

from datetime import datetime

from portal.db import write
from portal.domain.audit import Act
from portal.domain.orders import Actor
from portal.ledger import trail
from portal.ledger.trail import NOTHING, About


def note(act: Act, *, actor: Actor, now: datetime, about: About = NOTHING) -> None:
    """Write down one act, before its answer is shown."""
    with write() as session:
        trail.note(session, act, actor=actor, at=now, about=about)
