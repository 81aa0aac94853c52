"""Paper for the practice that sent a referral: shown to who proved that they know the patient, each look noted."""

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain.errors import NotFound
from portal.domain.places import Place
from portal.domain.routing import Placement
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import paper
from portal.queries.paper import Printed
from portal.web import opened, paper_summary, paper_travel, words
from portal.web.paper_summary import Summary
from portal.web.paper_travel import Travel
from portal.web.tracking import unknown

SUMMARY, TRAVEL = "summary", "travel"
TITLES = {SUMMARY: "Summary to print or fax", TRAVEL: "Travel sheet for Alaska Medicaid"}
SHEETS: Mapping[str, Callable[[Printed], Summary | Travel | None]] = {
    SUMMARY: paper_summary.read,
    TRAVEL: paper_travel.find,
}

bp = Blueprint("paper", __name__)
bp.register_error_handler(NotFound, unknown)


@bp.get("/r/<reference>/summary")
@enter(Entry.STATUS_KEY)
def summary(reference: str) -> ResponseReturnValue:
    return _print(reference, SUMMARY)


@bp.get("/r/<reference>/travel")
@enter(Entry.STATUS_KEY)
def travel(reference: str) -> ResponseReturnValue:
    return _print(reference, TRAVEL)


def _print(reference: str, page: str) -> ResponseReturnValue:
    key_id = opened.get_key_id(reference)
    if not opened.is_proven(reference):
        return redirect(url_for("proof.ask", reference=reference, next=page))
    printed = paper.get(db.session(), reference)
    shown = show(printed, page, back=url_for("tracking.status", reference=reference))
    noting.looked(asking.referrer(key_id), referral_id=printed.id, clinic_id=printed.clinic_id, page=page)
    return shown


def show(printed: Printed, page: str, *, back: str) -> str:
    """Return one of the sheets of a referral; raise NotFound where it is of no use.

    `back` is the page that it was asked for from.
    """
    sheet = SHEETS[page](printed)
    if sheet is None:
        raise NotFound
    printed_at = words.stamp(now(), paper_summary.zone(printed))
    return render_template(
        f"paper/{page}.html", page=sheet, reference=printed.reference, printed_at=printed_at, back=back
    )


def offered(place: Place | None, placement: Placement) -> list[str]:
    """Return the sheets that are of use."""
    return [SUMMARY, TRAVEL] if paper_travel.is_offered(place, placement) else [SUMMARY]


@bp.app_template_global("paper_links")
def links(reference: str) -> list[tuple[str, str]]:
    """Return words and address of the sheets for the practice, the one that its payer asks for first.

    Who has not proved that they know the patient is not told by the order who pays.
    """
    printed = paper.get(db.session(), reference)
    found = offered(printed.place, printed.decision.placement)
    if opened.is_proven(reference) and printed.new.more.get("coverage.payer") == paper_travel.PAYER:
        found.reverse()
    return [(TITLES[page], url_for(f"paper.{page}", reference=reference)) for page in found]
