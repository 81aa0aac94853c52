"""Paper for the practice that sent a referral: shown to who proved that they know the patient, each look noted."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.domain.errors import NotFound
from portal.doors import asking, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import paper
from portal.queries.paper import Printed
from portal.web import opened, paper_summary, paper_travel, words
from portal.web.tracking import unknown

SUMMARY, TRAVEL = "summary", "travel"
TITLES = {SUMMARY: "Summary to print or fax", TRAVEL: "Travel sheet for Alaska Medicaid"}

bp = Blueprint("paper", __name__)
bp.register_error_handler(NotFound, unknown)


@bp.get("/r/<reference>/summary")
@enter(Entry.STATUS_KEY)
def summary(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    if not opened.is_proven(reference):
        return redirect(url_for("proof.ask", reference=reference, next=SUMMARY))
    printed = paper.get(db.session(), reference)
    shown = show_summary(printed, back=url_for("tracking.status", reference=reference))
    _note_look(printed, SUMMARY)
    return shown


@bp.get("/r/<reference>/travel")
@enter(Entry.STATUS_KEY)
def travel(reference: str) -> ResponseReturnValue:
    opened.get_key_id(reference)
    if not opened.is_proven(reference):
        return redirect(url_for("proof.ask", reference=reference, next=TRAVEL))
    printed = paper.get(db.session(), reference)
    shown = show_travel(printed, back=url_for("tracking.status", reference=reference))
    _note_look(printed, TRAVEL)
    return shown


def _note_look(printed: Printed, page: str) -> None:
    actor = asking.referrer(opened.get_key_id(printed.reference))
    noting.looked(actor, referral_id=printed.id, clinic_id=printed.clinic_id, page=page)


def show_summary(printed: Printed, *, back: str) -> str:
    """Return the summary of a referral; `back` is the page it was asked for from."""
    return render_template(
        "paper/summary.html", page=paper_summary.read(printed), back=back, **_running(printed)
    )


def show_travel(printed: Printed, *, back: str) -> str:
    """Return the travel sheet of a referral; raise NotFound where it is of no use."""
    page = paper_travel.find(printed)
    if page is None:
        raise NotFound
    return render_template("paper/travel.html", page=page, back=back, **_running(printed))


def _running(printed: Printed) -> dict[str, str]:
    """Return what stands on every page of a sheet: it may be parted from the others."""
    return {
        "reference": printed.reference,
        "printed_at": words.stamp(now(), paper_summary.zone(printed)),
    }


@bp.app_template_global("paper_links")
def links(reference: str) -> list[tuple[str, str]]:
    """Return words and address of the sheets for the practice, the one that its payer asks for first.

    Who has not proved that they know the patient is not told by the order who pays.
    """
    printed = paper.get(db.session(), reference)
    is_offered = paper_travel.is_offered(printed.place, printed.decision.placement)
    found = [SUMMARY, TRAVEL] if is_offered else [SUMMARY]
    if opened.is_proven(reference) and printed.new.more.get("coverage.payer") == paper_travel.PAYER:
        found.reverse()
    return [(TITLES[page], url_for(f"paper.{page}", reference=reference)) for page in found]
