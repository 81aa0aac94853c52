"""Keep a form while it is filled in; nothing here files a referral, and a draft that was sent is never written again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.db import write
from portal.domain import answers, safety, showings
from portal.domain import letters as words
from portal.domain.drafts import ANSWER_MOST, DraftKey, Kept, Started
from portal.domain.errors import Changed
from portal.domain.letters import Site
from portal.domain.safety import FIRES, Said
from portal.domain.showings import NO_SHOWING, Showing
from portal.domain.stops import Alarm, Stop
from portal.ledger import drafts as starting
from portal.ledger import letters, stops
from portal.models import Draft
from portal.queries import drafts, rules


def start(said: Said, *, typed: Mapping[str, str], keep_for: timedelta, alarm: Alarm) -> Started:
    """Begin a draft with the answers of the gate; where they stop it, the event is kept."""
    with write() as session:
        started, row = starting.begin(
            session, typed=typed, said=(said,), now=said.at, until=said.at + keep_for
        )
        _record_stop(session, row, before={}, alarm=alarm, now=said.at)
    return started


def keep_typed(
    key: DraftKey,
    *,
    typed: Mapping[str, str],
    showing: Showing = NO_SHOWING,
    now: datetime,
    keep_for: timedelta,
) -> None:
    """Keep what is being typed, right or wrong; raise NotFound when the draft is gone or sent, Changed when a button
    or another showing was there first.

    Its days are counted anew from here. An answer that would stop the form is not taken yet: a finger may have
    slipped, and `save` comes with the button.
    """
    quiet = {name: value for name, value in typed.items() if name not in FIRES}
    with write() as session:
        draft = drafts.get_unsent(session, key)
        draft.typed = showings.type_on(draft.typed, _cut(quiet), showing)
        _mark_saved(draft, now, keep_for)


def save(
    key: DraftKey,
    *,
    typed: Mapping[str, str],
    showing: Showing = NO_SHOWING,
    now: datetime,
    keep_for: timedelta,
    alarm: Alarm,
) -> Kept:
    """Keep a finished step, as `showings.press` says, and return all that is kept; a danger in it is kept as a stop.

    Raise NotFound as `keep_typed` does, and Changed when the step takes a danger back that another tab has told: only
    `say` does that, with a reason.
    """
    with write() as session:
        draft = drafts.get_unsent(session, key)
        said = answers.read_safety(draft.safety)
        before = safety.current(said)
        given = {
            name: told.replace(" ", "_") for name in FIRES if (told := typed.get(name, "").strip().casefold())
        }
        if safety.taken_back(before, given):
            raise Changed
        kept = showings.press(draft.typed, _cut(typed), showing)
        draft.typed = kept
        if any(before.get(name) != value for name, value in given.items()):
            said = (*said, Said(at=now, answers=given))
            draft.safety = answers.write_safety(said)
            _record_stop(session, draft, before=before, alarm=alarm, now=now)
        _mark_saved(draft, now, keep_for)
        return Kept(typed=kept, safety=said)


def say(
    key: DraftKey, *, said: Said, seen: tuple[Said, ...] | None = None, keep_for: timedelta, alarm: Alarm
) -> None:
    """Answer safety questions again; the answers before are kept. Raise NotFound as `save` does.

    Raise Changed when it takes back, without a reason, a danger that another tab has told, and when it tells of none
    and answers others than those that were `seen`. An answer that was typed in a step is brought up to it there as well.
    """
    with write() as session:
        draft = drafts.get_unsent(session, key)
        kept = answers.read_safety(draft.safety)
        before = safety.current(kept)
        if safety.taken_back(before, said.answers) and not said.reason:
            raise Changed
        if seen is not None and seen != kept and not safety.causes(said.answers):
            raise Changed
        draft.safety = [*draft.safety, *answers.write_safety([said])]
        typed = draft.typed
        draft.typed = typed | {name: said.answers[name] for name in typed if name in said.answers}
        _record_stop(session, draft, before=before, alarm=alarm, now=said.at)
        _mark_saved(draft, said.at, keep_for)


def _cut(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:ANSWER_MOST] for name, value in typed.items()}


def _record_stop(
    session: Session, draft: Draft, *, before: Mapping[str, str], alarm: Alarm, now: datetime
) -> None:
    """Write down each danger that is told anew, also where another one has stopped the form already."""
    said = safety.current(answers.read_safety(draft.safety))
    if set(safety.causes(said)) <= set(safety.causes(before)):
        return
    stop = Stop(
        rules=safety.fired(said),
        digest=draft.key_digest,
        typed=draft.typed,
        clinic=draft.typed.get("clinic") or alarm.near,
        site=alarm.site,
        referral_id=draft.amends_id,
    )
    stops.record(session, stop, now=now)


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
