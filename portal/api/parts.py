"""The parts of a request that brings files, read strictly: what is not understood is not left out in silence."""

import hashlib
import json
from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from portal import vault
from portal.api.bodies import UNKNOWN
from portal.api.schemas import STRING, closed
from portal.domain.errors import Unfit
from portal.domain.files import LIMITS
from portal.domain.orders import WORDS_MOST
from portal.doors.uploaded import FIELD
from portal.doors.uploads import FORM

WORDS = "words"
NO_FILE = f"Send one or several parts named {FIELD}, each with a file name"
ONE_TEXT = "Send one part of text, or leave it out"
FILES = {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}}
SCHEMA = closed(
    {
        FIELD: FILES | {"description": f"One part named {FIELD} for each. {LIMITS}"},
        WORDS: STRING | {"maxLength": WORDS_MOST, "description": "A note that goes with them"},
    },
    optional=(WORDS,),
) | {"additionalProperties": False}


def check() -> None:
    """Raise Unfit naming every part that cannot be used, and what Werkzeug says of another kind of body."""
    if request.mimetype != FORM:
        raise UnsupportedMediaType(f"Send the files as {FORM}.")
    wrong = dict.fromkeys({*request.files, *request.form} - {FIELD, WORDS}, UNKNOWN)
    if FIELD in request.form or not files():
        wrong[FIELD] = NO_FILE
    if WORDS in request.files or len(request.form.getlist(WORDS)) > 1:
        wrong[WORDS] = ONE_TEXT
    if wrong:
        raise Unfit(wrong)


def files() -> Sequence[FileStorage]:
    """Return the files of this request, in their order."""
    return request.files.getlist(FIELD)


def words() -> str:
    """Return the note of this request, empty where there is none."""
    return request.form.get(WORDS, "")


def digest() -> str:
    """Return what stands for all parts of this request, names included."""
    return vault.digest(json.dumps([[[each.filename, _digest(each)] for each in files()], words()]))


def _digest(sent: FileStorage) -> str:
    found = hashlib.sha256(sent.stream.read()).hexdigest()
    sent.stream.seek(0)
    return found
