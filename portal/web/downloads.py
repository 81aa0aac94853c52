"""Files go out as files: never shown in the browser, never kept by it, and only to whom the referral concerns."""

from functools import partial
from io import BytesIO

from flask import Blueprint, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.db import db
from portal.domain import reference as references
from portal.domain.access import Permission
from portal.domain.errors import NotAllowed
from portal.doors import asking, headers, noting
from portal.doors.entry import Entry, enter
from portal.doors.world import now
from portal.queries import dossier as dossiers
from portal.queries import files, referrals
from portal.queries.dossier import Dossier
from portal.queries.files import Kept
from portal.web import file_words, opened
from portal.web.file_words import Line
from portal.web.staff import viewer

PAGE = "file"

bp = Blueprint("downloads", __name__)


@bp.get("/r/<reference>/files/<name>")
@enter(Entry.STATUS_KEY)
def of_status(reference: str, name: str) -> ResponseReturnValue:
    actor = asking.referrer(opened.get_key_id(reference))
    if not opened.is_proven(reference):
        # A file may show who the patient is.
        return redirect(url_for("proof.ask", reference=reference))
    referral = referrals.get(db.session(), reference)
    kept = files.get_of_referral(db.session(), referral.id, name)
    noting.looked(actor, referral_id=referral.id, clinic_id=referral.clinic_id, page=PAGE)
    return answer(kept)


@bp.get("/staff/referrals/<reference>/files/<name>")
@enter(Entry.MEMBER)
def of_staff(reference: str, name: str) -> ResponseReturnValue:
    actor, code = asking.member(), references.read(reference) or ""
    with noting.refusals(actor, asked=PAGE, reference=code):
        found = dossiers.get(db.session(), code, viewer(), now())
        if Permission.READ_CLINICAL not in found.held:
            raise NotAllowed("Files are for those who read the clinical part of a referral.")
        kept = files.get_of_referral(db.session(), found.referral.id, name)
    noting.looked(
        actor,
        referral_id=found.referral.id,
        clinic_id=found.referral.clinic_id,
        page=PAGE,
        grant_id=found.grant.id if found.grant else None,
    )
    return answer(kept)


def lines_for_staff(dossier: Dossier) -> list[Line]:
    """Return a referral's files for a member; who may not read its clinical part sees none, for a name may tell."""
    return [_line_for_staff(dossier, kept) for kept in _for_staff(dossier)]


def by_event_for_staff(dossier: Dossier) -> dict[int, list[Line]]:
    """Return the same by the event that brought each."""
    return file_words.by_event(_for_staff(dossier), partial(_line_for_staff, dossier))


def _for_staff(dossier: Dossier) -> tuple[Kept, ...]:
    clinical = Permission.READ_CLINICAL in dossier.held
    return files.of_referral(db.session(), dossier.referral.id) if clinical else ()


def _line_for_staff(dossier: Dossier, kept: Kept) -> Line:
    way = url_for("downloads.of_staff", reference=dossier.referral.reference, name=kept.name)
    return file_words.line(kept, open_url=way)


def answer(kept: Kept) -> Response:
    """Return a file as a download; one that was touched is no file, but a failure."""
    content = b"".join(files.content(db.session(), kept))
    response = send_file(
        BytesIO(content),
        mimetype=kept.kind.mime_type,
        as_attachment=True,
        download_name=kept.title,
        etag=False,
        conditional=False,
    )
    response.headers.update(headers.OF_DOWNLOAD)
    return response
