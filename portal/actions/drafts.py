"""Keep a form while it is filled in; nothing here files a referral, and a draft that was sent is never written again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import vault
from portal.db import write
from portal.domain import answers
from portal.domain.drafts import DraftKey
from portal.domain.intake import SafetyAnswer
from portal.models import Draft
from portal.queries import drafts

NAME_BYTES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """A new draft: its name for the address, and its key, which only the holder keeps."""

    name: str
    key: str


def start(answer: SafetyAnswer, *, typed: Mapping[str, str], keep_for: timedelta) -> Started:
    """Begin a draft with the answer to the safety question."""
    started = Started(name=secrets.token_hex(NAME_BYTES), key=vault.new_key())
    with write() as session:
        session.add(
            Draft(
                name=started.name,
                key_digest=vault.digest(started.key),
                typed=dict(typed),
                safety=answers.write_safety([answer]),
                saved_at=answer.at,
                expires_at=answer.at + keep_for,
            )
        )
    return started


def save(key: DraftKey, *, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what was typed over what was kept, right or wrong; raise NotFound when the draft is gone or sent."""
    with write() as session:
        draft = drafts.get_unsent(session, key)
        draft.typed = {**draft.typed, **typed}
        draft.saved_at = now


def answer_safety(key: DraftKey, *, answer: SafetyAnswer) -> None:
    """Answer the safety question again; the answers before it are kept. Raise NotFound as `save` does."""
    with write() as session:
        draft = drafts.get_unsent(session, key)
        draft.safety = [*draft.safety, *answers.write_safety([answer])]
        draft.saved_at = answer.at


def discard(key: DraftKey) -> None:
    """Delete a draft and all that was typed; raise NotFound as `save` does."""
    with write() as session:
        session.delete(drafts.get_unsent(session, key))
