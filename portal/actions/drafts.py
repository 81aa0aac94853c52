"""Keep a form while it is filled in; nothing here files a referral, and a draft that was sent is never written again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import vault
from portal.db import write
from portal.domain import answers
from portal.domain import letters as words
from portal.domain.drafts import DraftKey
from portal.domain.intake import SafetyAnswer
from portal.domain.letters import Site
from portal.ledger import letters
from portal.models import Draft
from portal.queries import drafts, rules

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


def save(key: DraftKey, *, typed: Mapping[str, str], now: datetime, keep_for: timedelta) -> None:
    """Keep what was typed over what was kept, right or wrong; raise NotFound when the draft is gone or sent.

    Its days are counted anew from here.
    """
    with write() as session:
        draft = drafts.get_unsent(session, key)
        draft.typed = {**draft.typed, **typed}
        _mark_saved(draft, now, keep_for)


def answer_safety(key: DraftKey, *, answer: SafetyAnswer, keep_for: timedelta) -> None:
    """Answer the safety question again; the answers before it are kept. Raise NotFound as `save` does."""
    with write() as session:
        draft = drafts.get_unsent(session, key)
        draft.safety = [*draft.safety, *answers.write_safety([answer])]
        _mark_saved(draft, answer.at, keep_for)


def mail_link(key: DraftKey, *, link: str, to: str, site: Site, now: datetime) -> None:
    """Owe a mail with the link that opens a draft, to the address that its holder gave; raise NotFound as `save` does."""
    with write() as session:
        draft = drafts.get_unsent(session, key)
        until = rules.local_day(draft.expires_at)
        letters.owe_to(session, to, words.draft_link(site, link=link, until=until), now=now)


def discard(key: DraftKey) -> None:
    """Delete a draft and all that was typed; raise NotFound as `save` does."""
    with write() as session:
        session.delete(drafts.get_unsent(session, key))


def _mark_saved(draft: Draft, now: datetime, keep_for: timedelta) -> None:
    draft.saved_at = now
    draft.expires_at = now + keep_for
