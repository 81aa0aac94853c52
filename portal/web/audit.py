"""The audit log: who looked at what, who changed what, who came in; for auditors, and without a patient's name."""

from flask import Blueprint, Response, render_template, request, url_for

from portal.db import db
from portal.domain import access
from portal.domain.access import Permission
from portal.doors import asking, audit_csv, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now, world
from portal.queries import audit, directory
from portal.queries.audit import Sought
from portal.web import audit_words, words
from portal.web.forms.audit import AuditForm
from portal.web.staff import ID_MOST, need, viewer, workplace

EXPORT_MOST = 20_000

bp = Blueprint("audit", __name__)


@bp.get("/staff/audit")
@enter(Entry.MEMBER)
def log() -> str:
    need(Permission.READ_AUDIT)
    form = _form()
    sought = _sought(form, before=_before())
    entries, following = audit.page(db.session(), sought)
    filters = form.filters()
    noting.listed(asking.member(), page="audit", filters=filters)
    zone = world().settings.home_zone
    return render_template(
        "staff/audit.html",
        form=form,
        entries=[audit_words.line(entry, zone) for entry in entries],
        zone_name=words.zone_name(zone),
        filters=filters,
        next_url=url_for("audit.log", **{**filters, "before": following}) if following else None,  # type: ignore[arg-type]
        export_most=EXPORT_MOST,
        workplace=workplace(),
    )


@bp.post("/staff/audit")
@enter(Entry.FRESH_MEMBER)
def export() -> Response:
    need(Permission.READ_AUDIT)
    form = _form()
    entries = list(audit.every(db.session(), _sought(form), most=EXPORT_MOST))
    noting.exported(asking.member(), what="audit", rows=len(entries), filters=form.filters())
    answer = Response("".join(audit_csv.write(entries)), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"audit-{now():%Y-%m-%d}.csv")
    return answer


def _form() -> AuditForm:
    return AuditForm(
        request.values,
        members={str(member_id): name for member_id, name in audit.members(db.session())},
        clinics={clinic.slug: clinic.name for clinic in directory.current(db.session()).listings},
    )


def _sought(form: AuditForm, *, before: int | None = None) -> Sought:
    places = access.reach(viewer().memberships, Permission.READ_AUDIT, taken_on=False)
    return form.sought(world().settings.home_zone, places=places, before=before)


def _before() -> int | None:
    text = request.args.get("before", "")
    return min(int(text), ID_MOST) if text.isdecimal() else None
