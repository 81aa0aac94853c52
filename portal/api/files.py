"""Files for a referral that a system sent: read, kept and refused by the rules of the form, under a key once."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Response, jsonify

from portal import vault
from portal.actions import moves
from portal.api import keys, parts
from portal.api.openapi import Answer, documented, header
from portal.api.problems import problem
from portal.api.schemas import SCHEMAS, STRING, closed
from portal.db import db
from portal.domain import safety
from portal.domain.errors import NotTaken, PortalError, Refused, Replayed, Unfit
from portal.domain.files import FileKind, FileState, Held, NewFile, Refusal, refuse_beyond
from portal.domain.lifecycle import Move
from portal.domain.orders import Actor, Once, Order
from portal.domain.safety import Question
from portal.doors import asking, noting, uploaded
from portal.doors.entry import Entry, enter
from portal.doors.uploaded import FIELD
from portal.doors.uploads import FORM, takes_files
from portal.doors.world import now
from portal.queries import files, referrals, replies, rules

NOTHING = "Nothing was added, neither files nor words; the same Idempotency-Key will do for the next try."
OTHER_BODY = "This Idempotency-Key came before with other files or words. Send these with a new key."
CLOSED = "Nothing is added to a referral that is closed. Send a new referral where the patient is to be seen after all."
MEANS = {
    401: "The bearer key is missing or not known",
    404: "This key has sent no referral of this reference",
    408: "The body comes too slowly",
    409: "The same key came before with other files or words, or the referral is closed",
    413: "The body is larger than 51 MB",
    415: "The body is not multipart/form-data",
    422: "No file could be kept, each with its reason, or parts that cannot be used; nothing was added",
}

KEPT = closed(
    {
        "title": STRING | {"description": "The name that it is kept under"},
        "kind": {"enum": list(FileKind), "description": "A TIFF is kept as a PDF"},
        "size_bytes": {"type": "integer", "description": "As it is kept: cleaned and written anew"},
        "state": {
            "enum": [FileState.CLEAN, FileState.QUARANTINED],
            "description": "A quarantined file is opened once the virus scanner has passed it",
        },
    }
)
REFUSED = closed({"title": STRING, "why": STRING | {"description": "A sentence, with the way out"}})
ADDED = closed(
    {
        "kept": {"type": "array", "items": KEPT},
        "refused": {"type": "array", "items": REFUSED},
        "ask_now": SCHEMAS["Receipt"]["properties"]["ask_now"],
    }
)

bp = Blueprint("api_files", __name__)


@bp.post("/referrals/<reference>/files")
@takes_files
@documented(
    "Add files to a referral that this key sent",
    parameters=(
        header(keys.HEADER, keys.SCHEMA, "New for each set of files; the same one again adds nothing"),
    ),
    body=parts.SCHEMA,
    body_type=FORM,
    answers={
        201: Answer(
            means="What was kept and what was not; the same key again is answered alike", schema=ADDED
        )
    },
    refuses=MEANS,
)
@enter(Entry.API_KEY)
def add(reference: str) -> Response:
    """Keep what can be kept in one event; the same Idempotency-Key with the same parts returns the first answer."""
    actor = asking.system(keys.get_key_id())
    with noting.refusals(actor, asked=Move.ADD, reference=reference):
        referral = referrals.get_sent(db.session(), reference, actor)
    try:
        once = _once(actor, reference)
        told = replies.find_told(db.session(), once)
        if told is None:
            told = _add(reference, actor, once, files.held(db.session(), referral_id=referral.id))
        else:
            noting.looked(actor, referral_id=referral.id, clinic_id=referral.clinic_id, page="files")
    except PortalError as error:
        return _refused(error)
    answer = jsonify(told)
    answer.status_code = 201
    return answer


def _once(actor: Actor, reference: str) -> Once:
    """Return the key of this request, with what stands for its parts; raise Unfit for parts that are none of ours."""
    key = keys.get_once("set of files")
    parts.check()
    return Once(key_digest=vault.digest(f"files:{actor.id}:{reference}:{key}"), body_digest=parts.digest())


def _add(reference: str, actor: Actor, once: Once, held: Held) -> dict[str, Any]:
    """Add what can be kept and return what is told of it; raise Unfit where that is nothing."""
    kept, refused = _gather(held)
    if not kept:
        raise Unfit({f"{FIELD}.{n}": f"{each.title}: {each.why}" for n, each in enumerate(refused)})
    words = parts.words()
    once = replace(once, told=_told(kept, refused) | {"ask_now": _ask_now(words)})
    order = Order(
        reference=reference,
        move=Move.ADD,
        version=None,
        words=words,
        files=kept,
        once=once,
    )
    moves.make(order, actor=actor, now=now())
    # The same key may have been answered meanwhile: what was told first is told.
    return dict(replies.find_told(db.session(), once) or once.told)


def _gather(held: Held) -> tuple[tuple[NewFile, ...], list[Refusal]]:
    """Return the files that may be kept and have room beside those that are there, and the others."""
    kept: list[NewFile] = []

    def keep(new: NewFile) -> None:
        size_bytes = sum(len(each.cleaned.content) for each in kept)
        refuse_beyond(
            Held(count=held.count + len(kept), size_bytes=held.size_bytes + size_bytes), new.cleaned
        )
        kept.append(new)

    refused = uploaded.keep_each(parts.files(), keep)
    return tuple(kept), refused


def _ask_now(words: str) -> list[dict[str, str]]:
    """Return what to ask at once where words of crisis stand in the note, for nobody reads it right away."""
    found = safety.find_words((words,), rules.get_triage().crisis_words)
    return replies.ask_now({Question.WORDS} if found else ())


def _told(kept: Iterable[NewFile], refused: Iterable[Refusal]) -> dict[str, Any]:
    return {
        "kept": [
            {
                "title": each.title,
                "kind": each.cleaned.kind,
                "size_bytes": len(each.cleaned.content),
                "state": each.state,
            }
            for each in kept
        ],
        "refused": [asdict(each) for each in refused],
    }


def _refused(error: PortalError) -> Response:
    """Return the problem for an error that kept everything out; raise it again where it is none of these."""
    match error:
        case Unfit():
            return problem(422, "Nothing was added", detail=NOTHING, errors=error.problems)
        case NotTaken():
            return problem(422, "Nothing was added", detail=NOTHING, errors={FIELD: str(error)})
        case Replayed():
            return problem(409, "The key came before", detail=OTHER_BODY, type="/problems/replayed")
        case Refused():
            return problem(409, "The referral is closed", detail=CLOSED, type="/problems/closed")
    raise error
