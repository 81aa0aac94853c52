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
from portal.queries.paper import Printed
from portal.web import paper_travel
from portal.web.paper import SUMMARY, TITLES, TRAVEL, show_summary, show_travel
from portal.web.staff import viewer

bp = Blueprint("staff_paper", __name__)


@bp.get("/staff/referrals/<reference>/summary")
@enter(Entry.MEMBER)
def summary(reference: str) -> ResponseReturnValue:
    dossier = _get(reference, SUMMARY)
    shown = show_summary(_printed(dossier), back=_page(dossier))
    _note_look(dossier, SUMMARY)
    return shown


@bp.get("/staff/referrals/<reference>/travel")
@enter(Entry.MEMBER)
def travel(reference: str) -> ResponseReturnValue:
    dossier = _get(reference, TRAVEL)
    shown = show_travel(_printed(dossier), back=_page(dossier))
    _note_look(dossier, TRAVEL)
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


def _printed(dossier: Dossier) -> Printed:
    return paper.get(db.session(), dossier.referral.reference)


def _page(dossier: Dossier) -> str:
    return url_for("triage.referral", reference=dossier.referral.reference)


@bp.app_template_global("staff_paper_links")
def links(dossier: Dossier) -> list[tuple[str, str]]:
    """Return words and address of the sheets that this member may print."""
    if dossier.decision is None:
        return []
    is_offered = paper_travel.is_offered(dossier.place, dossier.decision.placement)
    pages = [SUMMARY, TRAVEL] if is_offered else [SUMMARY]
    reference = dossier.referral.reference
    return [(TITLES[page], url_for(f"staff_paper.{page}", reference=reference)) for page in pages]
