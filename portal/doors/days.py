"""What is taken away once a day, by whichever worker comes first or by an operator; every part may be done twice."""

from collections import Counter
from datetime import datetime, timedelta

from portal.actions import audit_retention, retention, sessions
from portal.db import db
from portal.domain.audit import KEPT_FOR
from portal.doors.asking import operator
from portal.doors.world import world
from portal.gateways import mailer

MAIL_FILES_KEPT_FOR = timedelta(days=30)


def take_away(*, now: datetime) -> Counter[str] | None:
    """Take away what its days are over for, and return how much of what; None when today's was done before."""
    if not retention.is_due(db.session(), now.date()):
        return None
    actor = operator("retention")
    removed = Counter(
        {
            "audit entries": audit_retention.remove(now - KEPT_FOR, actor=actor, now=now),
            "mail files": mailer.forget(
                world().settings.instance_path / "mail", before=now - MAIL_FILES_KEPT_FOR
            ),
            "words typed in sessions that ended": sessions.forget_kept(now=now),
        }
    )
    # Last, because it marks the day as done: what a kill leaves undone before it is done by the next.
    more = True
    while more:
        turn = retention.remove_some(actor=actor, now=now)
        removed.update(turn.counts)
        more = turn.more
    return removed
