"""Paper for members who may read a referral's clinical part: the same sheets as the practice's, each look noted."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain import reference as references
from portal.domain.access import Permission
from portal.domain.errors import NotAllowed
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import dossier as dossiers
from portal.queries import paper
from portal.queries.dossier import Dossier
from portal.web.paper import SUMMARY, TITLES, TRAVEL, offered, show
from portal.web.staff import viewer

bp = Blueprint("staff_paper", __name__)


@bp.get("/staff/referrals/<reference>/summary")
@enter(Entry.MEMBER)
def summary(reference: str) -> ResponseReturnValue:
    return _print(reference, SUMMARY)


@bp.get("/staff/referrals/<reference>/travel")
@enter(Entry.MEMBER)
def travel(reference: str) -> ResponseReturnValue:
    return _print(reference, TRAVEL)


def _print(reference: str, page: str) -> str:
    dossier = _get(reference, page)
    code = dossier.referral.reference
    printed = paper.get(db.session(), code)
    shown = show(printed, page, back=url_for("triage.referral", reference=code))
    _note_look(dossier, page)
    return shown


def _get(reference: str, page: str) -> Dossier:
    """Return a referral to a member who may read all of it; raise NotFound and NotAllowed."""
    code = references.read(reference) or ""
    with noting.refusals(asking.member(), asked=page, reference=code):
        found = dossiers.get(db.session(), code, viewer(), now())
        if Permission.READ_CLINICAL not in found.held:
            raise NotAllowed("Sheets are for those who read the clinical part of a referral.")
    return found


def _note_look(dossier: Dossier, page: str) -> None:
    noting.looked(
        asking.member(),
        referral_id=dossier.referral.id,
        clinic_id=dossier.referral.clinic_id,
        page=page,
        grant_id=dossier.grant.id if dossier.grant else None,
    )


@bp.app_template_global("staff_paper_links")
def links(dossier: Dossier) -> list[tuple[str, str]]:
    """Return words and address of the sheets that this member may print."""
    if dossier.decision is None:
        return []
    pages = offered(dossier.place, dossier.decision.placement)
    reference = dossier.referral.reference
    return [(TITLES[page], url_for(f"staff_paper.{page}", reference=reference)) for page in pages]
