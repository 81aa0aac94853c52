"""What an answer shows or refuses is noted while it is made, and written down before it leaves.

An answer that cannot be written down is not shown: the request ends as a failure instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g

from portal.actions import trail
from portal.db import db
from portal.domain.audit import Act
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.orders import Actor
from portal.doors.world import now
from portal.ledger.trail import About, Noted
from portal.queries import referrals

NOTED = "noted"


def init_app(app: Flask) -> None:
    """Write what was noted when the answer is ready: one transaction, however much it is."""
    app.after_request(_write)


def looked(
    actor: Actor, *, referral_id: int, clinic_id: int | None, page: str, grant_id: int | None = None
) -> None:
    """Note that somebody is shown a referral; `page` says how much of it, `grant_id` by which emergency."""
    by_grant = {"grant": grant_id} if grant_id else {}
    _note(
        Act.LOOKED,
        actor,
        About(referral_id=referral_id, clinic_id=clinic_id, facts={"page": page} | by_grant),
    )


def listed(
    actor: Actor, *, page: str, referral_ids: Sequence[int] = (), filters: Mapping[str, Any] | None = None
) -> None:
    """Note that somebody is shown a list: of which referrals, and what it was filtered by, in codes."""
    facts: dict[str, Any] = {"page": page, "filters": dict(filters or {})}
    _note(Act.LISTED, actor, About(facts=facts | {"referrals": list(referral_ids)}))


def exported(actor: Actor, *, what: str, rows: int, filters: Mapping[str, Any]) -> None:
    """Note that somebody takes a copy away."""
    _note(Act.EXPORTED, actor, About(facts={"what": what, "rows": rows, "filters": dict(filters)}))


@contextmanager
def refusals(actor: Actor, *, asked: str, reference: str | None) -> Iterator[None]:
    """Note it when somebody known is refused within the block; `asked` says what they asked for.

    What may not be known and what is not there cost the same, so that the time it takes does not tell which it was.
    """
    try:
        yield
    except (NotAllowed, NotFound):
        _refuse(actor, asked, reference)
        raise


def _refuse(actor: Actor, asked: str, reference: str | None) -> None:
    found = referrals.find(db.session(), reference or "")
    about = About(
        referral_id=found.id if found else None,
        clinic_id=found.clinic_id if found else None,
        facts={"asked": asked},
    )
    _note(Act.REFUSED, actor, about)


def _note(act: Act, actor: Actor, about: About) -> None:
    g.setdefault(NOTED, []).append(Noted(act=act, actor=actor, about=about))


def _write(response: Response) -> Response:
    # Taken first: when it cannot be written, the page that says so shows nothing of it.
    noted = g.pop(NOTED, [])
    if noted:
        trail.note_all(noted, now=now())
    return response
