"""Move a referral: whoever may, by the table, against the version they saw; one event and its notices."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal import ledger
from portal.db import write
from portal.domain import answers, lifecycle, orders, routing
from portal.domain.access import Permission
from portal.domain.errors import NotAllowed, Stale, Unfit
from portal.domain.files import refuse_beyond
from portal.domain.lifecycle import RULES, Move, Status
from portal.domain.orders import Actor, ActorKind, Ground, Order
from portal.domain.routing import Choice, Placement
from portal.ledger import files
from portal.ledger import replies as ledger_replies
from portal.models import Clinic, Event, Referral
from portal.queries import files as asked_files
from portal.queries import permissions, referrals, replies, rules


def make(order: Order, *, actor: Actor, now: datetime, ground: Ground | None = None) -> int:
    """Make one move and return the referral's new version.

    `ground` is what a transfer is routed on. Raises NotFound when the actor may not know of the referral,
    NotAllowed when somebody else must do it, Stale when it moved since `order.version`, Refused when the table
    has no such move from here, Unfit naming the answers that are missing or do not fit, and NotTaken when there is no
    room for a file. Under a key that has had its answer nothing moves; raises Replayed when that was for another body.
    """
    with write() as session:
        referral = referrals.get_locked(session, order.reference)
        # The same key may have come at the same moment, and waited for the referral here.
        if order.once and replies.find_told(session, order.once) is not None:
            return referral.version
        status = _check(session, referral, order, actor, now)
        placement = _transfer(order, referral, ground, now) if order.move is Move.TRANSFER else None
        target = referrals.find_clinic(session, order.clinic) if placement else None
        if target and target.id == referral.clinic_id:
            raise Unfit({"clinic": "It is at that clinic already; choose another"})
        event = ledger.append(
            session,
            referral,
            ledger.Entry(
                move=order.move,
                actor=actor,
                at=now,
                to_status=status,
                to_clinic_id=target.id if target else referral.clinic_id,
                words=order.words.strip(),
                code=order.code,
                rule_version=placement.rule_version if placement else None,
            ),
        )
        if placement and ground:
            ledger.place(session, event, placement, ground)
        _bring(session, event, order, now)
        _HOLDER.get(order.move, _keep)(referral, actor)
        if order.move in lifecycle.LOOKS and referral.first_looked_at is None:
            _note_first_look(session, referral, now)
        return referral.version


def _check(session: Session, referral: Referral, order: Order, actor: Actor, now: datetime) -> Status:
    """Return where an order leads; raise what `make` says."""
    held = permissions.get_held(session, actor, referral, now)
    if order.version not in {None, referral.version}:
        raise Stale(referral.version)
    status = lifecycle.after(referrals.facts(session, referral), order.move)
    _check_allowed(referral, order.move, actor, held)
    orders.check(order, held)
    return status


def _bring(session: Session, event: Event, order: Order, now: datetime) -> None:
    for new in order.files:
        refuse_beyond(asked_files.held(session, referral_id=event.referral_id), new.cleaned)
        files.store(session, new, now=now, referral_id=event.referral_id, event_id=event.id)
    if order.once:
        ledger_replies.keep_told(session, order.once, event.referral_id)


def _check_allowed(referral: Referral, move: Move, actor: Actor, held: frozenset[Permission]) -> None:
    if actor.kind is ActorKind.MEMBER:
        allowed = lifecycle.offered(referral.facts, held, int(actor.id))
    else:
        allowed = lifecycle.offered_to_referrer(referral.facts)
    if RULES[move] not in allowed:
        raise NotAllowed("Your role at this clinic does not make this move.")


def _transfer(order: Order, referral: Referral, ground: Ground | None, now: datetime) -> Placement:
    new = answers.read(referral.answers)
    if ground is None or not order.clinic:
        raise Unfit({"clinic": "Choose the clinic it goes to"})
    placement = routing.rank(routing.wanted(new, rules.local_day(now)), ground.offers, order.clinic)
    if placement.chosen != order.clinic:
        raise Unfit({"clinic": "That clinic does not suit this referral; choose another"})
    return replace(placement, choice=Choice.STAFF)


def _note_first_look(session: Session, referral: Referral, now: datetime) -> None:
    clinic = session.get(Clinic, referral.clinic_id) if referral.clinic_id else None
    referral.first_looked_at = now
    referral.due_at = rules.promises(referral.received_at, referral.tier, clinic).after_look_at


def _take(referral: Referral, actor: Actor) -> None:
    referral.holder_id = int(actor.id)


def _let_go(referral: Referral, _actor: Actor) -> None:
    referral.holder_id = None


def _keep(_referral: Referral, _actor: Actor) -> None:
    """Leave the holder as it is."""


_HOLDER: dict[Move, Callable[[Referral, Actor], None]] = {
    Move.CLAIM: _take,
    Move.RELEASE: _let_go,
    Move.TRANSFER: _let_go,
}
