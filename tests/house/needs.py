"""What each member's route needs, as data; a new route fails the crossing until somebody decides it here.

`None` is for whoever is signed in. A permission alone must be held at some clinic. `On` must be held on that referral, and
who may not know of the referral is told that there is none.
"""

from dataclasses import dataclass

from portal.domain.access import Permission
from portal.domain.lifecycle import RULES, Move

P = Permission
KNOWN = frozenset({P.READ_REFERRALS})


@dataclass(frozen=True)
class On:
    """A permission on one referral; `known` are those that let somebody know that it is there."""

    permission: Permission
    known: frozenset[Permission] = KNOWN


@dataclass(frozen=True)
class Own:
    """Nothing but being signed in, and only over what is one's own; in these tests that is nothing."""


Need = Permission | On | Own | None

NEEDS: dict[str, Need] = {
    "audit.export": P.READ_AUDIT,
    "audit.log": P.READ_AUDIT,
    "downloads.of_staff": On(P.READ_CLINICAL),
    "emergency.form": P.BREAK_GLASS,
    "emergency.lately": P.HEAR_OF_EMERGENCIES,
    "emergency.plead": P.BREAK_GLASS,
    "finding.find": P.READ_REFERRALS,
    "finding.form": P.READ_REFERRALS,
    "security.account": None,
    "security.authenticator": None,
    "security.change_password": None,
    "security.logout": None,
    "security.mf_recovery_codes": None,
    "security.passkey_ask_new": None,
    "security.passkey_new": None,
    "security.passkey_remove": Own(),
    "security.sessions_end": None,
    "security.verify": None,
    "staff.called": On(P.LOG_CALLS, KNOWN | {P.READ_OUTBOX}),
    "staff.door": None,
    "staff.outbox": P.READ_OUTBOX,
    "staff.retry": On(P.READ_OUTBOX, KNOWN | {P.READ_OUTBOX}),
    "staff_paper.summary": On(P.READ_CLINICAL),
    "staff_paper.travel": On(P.READ_CLINICAL),
    "stops.close": Own(),
    "stops.show": Own(),
    "stops.show_all": P.HEAR_OF_STOPS,
    "triage.ask_for": On(P.READ_REFERRALS),
    "triage.queue": P.READ_REFERRALS,
    "triage.renew_link": On(P.ANSWER_FOR_REFERRER),
    "triage.referral": On(P.READ_REFERRALS),
    **{f"triage.make {move}": On(rule.permission) for move, rule in RULES.items() if rule.permission},
    # In these tests somebody else holds it.
    f"triage.make {Move.RELEASE}": On(P.RELEASE_OTHERS),
}
