"""What the page of one referral shows a member: the facts, and beside them the moves, or the form of one move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from portal.db import db
from portal.domain import lifecycle, routing
from portal.domain.access import Permission
from portal.domain.errors import PortalError, Stale
from portal.domain.files import Refusal
from portal.domain.intake import NewReferral
from portal.domain.lifecycle import RULES, Move, Rule
from portal.domain.orders import Ground
from portal.doors import asking, noting
from portal.doors.world import now
from portal.queries import directory, duplicates, looks, rules, safety_stops, status_links
from portal.queries.dossier import Dossier
from portal.web import (
    amendment_words,
    audit_words,
    downloads,
    notice_words,
    referral_answers,
    referral_words,
    routing_words,
    stop_lines,
)
from portal.web.forms.triage import ASKED, MoveForm
from portal.web.staff import viewer, workplace
from portal.web.timeline import Entry

DONE: dict[Move, str] = {
    Move.CLAIM: "You hold {reference} now.",
    Move.RELEASE: "{reference} is back in the queue for everybody.",
    Move.ACCEPT: "{reference} is accepted. The practice is told by mail.",
    Move.DECLINE: "{reference} is declined. The practice is told by mail.",
    Move.TRANSFER: "{reference} is transferred. The practice is told by mail.",
    Move.ASK: "Your question on {reference} is sent. The practice is told by mail.",
    Move.ANSWER: "The answer on {reference} is kept. It is back in triage.",
    Move.ADD: "What you added to {reference} is kept.",
    Move.WRITE: "What you wrote on {reference} is sent. The practice is told by mail.",
    Move.WITHDRAW: "{reference} is withdrawn. The practice is told by mail.",
    Move.ASK_TO_CANCEL: "{reference} waits to be cancelled. Confirm it once visits and travel are seen to.",
    Move.CONFIRM_CANCEL: "{reference} is cancelled. The practice is told by mail.",
    Move.KEEP: "{reference} goes on. The practice is told by mail.",
}
MAIN = frozenset({Move.CLAIM, Move.ACCEPT, Move.ANSWER, Move.CONFIRM_CANCEL})
QUIET = frozenset({Move.ADD, Move.RELEASE, Move.DECLINE, Move.WITHDRAW, Move.ASK_TO_CANCEL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A move that somebody is making, and what stood against it."""

    move: Move
    form: MoveForm
    refused: PortalError | None = None
    seen: int = 0
    """The version that the form was written on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moves:
    """The moves on offer by weight: what moves it on, what else there is, and what ends or undoes."""

    main: tuple[Rule, ...]
    second: tuple[Rule, ...]
    quiet: tuple[Rule, ...]


def show(dossier: Dossier, attempt: Attempt | None = None, refused: Sequence[Refusal] = ()) -> str:
    """Return the page of a referral; with an attempt, its form stands in place of the moves while it is allowed."""
    moment, patient = now(), referral_words.patient(dossier, now())
    offered = _offered(dossier)
    writing = attempt is not None and has_form(dossier, attempt.move)
    _note_look(dossier, attempt)
    return render_template(
        "staff/referral.html",
        dossier=dossier,
        new=dossier.new,
        files=downloads.lines_for_staff(dossier),
        patient=patient,
        safety=referral_words.safety(dossier, moment),
        stops=_stops(dossier),
        standing=referral_words.standing(dossier, viewer().member_id),
        clocks=referral_words.clocks(dossier, moment),
        ages=referral_words.ages(dossier, moment),
        judged=referral_words.judged(dossier),
        why=routing_words.why(dossier.decision.placement, dossier.decision.place) if dossier.decision else "",
        notices=_notices(dossier, patient.phone_words, moment),
        history=referral_words.history(dossier, downloads.by_event_for_staff(dossier)),
        amendments=amendment_words.of(dossier),
        alike=duplicates.alike(db.session(), dossier.referral.id, viewer().memberships),
        links=_links(dossier, moment),
        looks=_looks(dossier),
        moves=None if writing else _by_weight(offered),
        attempt=attempt,
        takes_files=attempt is not None and RULES[attempt.move].takes_files,
        refused=refused or (attempt.form.refused if attempt else ()),
        asked=ASKED[attempt.move] if attempt and writing else None,
        choices=_choices(dossier, dossier.new) if writing and dossier.new and _is_transfer(attempt) else None,
        changes=_changes(dossier, attempt),
        workplace=workplace(),
        **referral_answers.shown(dossier),
    )


def _note_look(dossier: Dossier, attempt: Attempt | None) -> None:
    noting.looked(
        asking.member(),
        referral_id=dossier.referral.id,
        clinic_id=dossier.referral.clinic_id,
        page=attempt.move if attempt else "referral",
        grant_id=dossier.grant.id if dossier.grant else None,
    )


def _stops(dossier: Dossier) -> list[stop_lines.ReferralStop]:
    clinical = Permission.READ_CLINICAL in dossier.held
    found = safety_stops.of_referral(db.session(), dossier.referral.id, viewer().member_id, clinical=clinical)
    return [stop_lines.on_referral(mark, zone=dossier.zone) for mark in found]


def _notices(dossier: Dossier, phone: str, moment: datetime) -> list[notice_words.Line]:
    return [
        notice_words.line(notice, phone=phone, zone=dossier.zone, held=dossier.held, now=moment)
        for notice in reversed(dossier.notices)
    ]


def _links(dossier: Dossier, moment: datetime) -> str:
    found = status_links.of(db.session(), dossier.referral.id, now=moment)
    return referral_words.links(found, dossier, moment)


def _looks(dossier: Dossier) -> list[dict[str, str]]:
    referral, zone = dossier.referral, dossier.zone
    found = looks.of(db.session(), referral.id, clinic_id=referral.clinic_id, zone=zone)
    return [audit_words.looks(each, zone) for each in found]


def show_gone(typed: str) -> str:
    """Return the page for a referral that is not, or no longer, in a queue of this member; what they typed stays."""
    return render_template("staff/gone.html", typed=typed, workplace=workplace())


def has_form(dossier: Dossier, move: Move) -> bool:
    """Tell whether this member may make a move now that asks for something."""
    return move in ASKED and any(rule.move is move for rule in _offered(dossier))


def ground(dossier: Dossier) -> Ground:
    """Return what a transfer is routed on: the place as it was understood, and every clinic's offer of today."""
    return Ground(place=dossier.place, offers=directory.current(db.session()).offers(dossier.place))


def _offered(dossier: Dossier) -> tuple[Rule, ...]:
    return lifecycle.offered(dossier.referral.facts, dossier.held, viewer().member_id)


def _by_weight(offered: Sequence[Rule]) -> Moves:
    return Moves(
        main=tuple(rule for rule in offered if rule.move in MAIN),
        second=tuple(rule for rule in offered if rule.move not in MAIN | QUIET),
        quiet=tuple(rule for rule in offered if rule.move in QUIET),
    )


def _is_transfer(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.move is Move.TRANSFER


def _choices(dossier: Dossier, new: NewReferral) -> list[referral_words.Choice]:
    need = routing.wanted(new, rules.local_day(now()))
    judged = routing.rank(need, ground(dossier).offers).candidates
    here = dossier.clinic.slug if dossier.clinic else None
    return [referral_words.choice(candidate) for candidate in judged if candidate.slug != here]


def _changes(dossier: Dossier, attempt: Attempt | None) -> list[Entry]:
    if attempt is None or not isinstance(attempt.refused, Stale):
        return []
    return referral_words.changes(dossier, after=attempt.seen)
