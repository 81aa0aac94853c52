"""A draft keeps what was typed, for whoever holds its key, until it is sent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal import vault
from portal.actions import drafts
from portal.db import db
from portal.domain.drafts import Draft, DraftKey, Started
from portal.domain.errors import Changed, NotFound, SafetyStop
from portal.domain.safety import DANGER, PLAN, Said
from portal.queries import drafts as asked
from tests import build, golden
from tests.build import ALARM, NOW

SAFE = Said(at=NOW, answers=build.SAFE)
KEEP_FOR = timedelta(days=30)


def start() -> tuple[Started, DraftKey]:
    started = drafts.start(SAFE, typed={"clinic": "a"}, keep_for=KEEP_FOR, alarm=ALARM)
    return started, DraftKey(name=started.name, digest=vault.digest(started.key))


def get(key: DraftKey) -> Draft:
    db.session.rollback()
    found = asked.find(db.session(), key, NOW)
    assert found is not None
    return found


def test_a_draft_opens_with_its_name_and_its_key_only(app: Flask) -> None:
    started, key = start()
    assert get(key).typed == {"clinic": "a"}
    assert get(key).expires_at == NOW + timedelta(days=30)
    assert asked.find(db.session(), DraftKey(name=started.name, digest=vault.digest("a guess")), NOW) is None
    assert asked.find(db.session(), DraftKey(name="another", digest=key.digest), NOW) is None


def test_saving_keeps_the_other_answers(app: Flask) -> None:
    _, key = start()
    drafts.save(
        key,
        typed={"patient.name": "\x00 \N{GRINNING FACE}"},
        now=NOW + timedelta(hours=1),
        keep_for=KEEP_FOR,
        alarm=ALARM,
    )
    assert get(key).typed == {"clinic": "a", "patient.name": "\x00 \N{GRINNING FACE}"}
    assert get(key).saved_at == NOW + timedelta(hours=1)
    assert get(key).expires_at == NOW + timedelta(hours=1) + KEEP_FOR


def test_the_last_safety_answer_counts_and_all_are_kept(app: Flask) -> None:
    _, key = start()
    drafts.say(key, said=Said(at=NOW, answers={DANGER: "yes"}), keep_for=KEEP_FOR, alarm=ALARM)
    assert get(key).stops(NOW)
    drafts.say(
        key, said=Said(at=NOW, answers=build.SAFE, reason="By mistake"), keep_for=KEEP_FOR, alarm=ALARM
    )
    assert not get(key).stops(NOW)
    assert [each.answers[DANGER] for each in get(key).safety] == ["no", "yes", "no"]


def test_what_lifts_a_stop_covers_nothing_that_was_told_meanwhile(app: Flask) -> None:
    _, key = start()
    seen = get(key).safety
    drafts.say(key, said=Said(at=NOW, answers={PLAN: "yes"}), seen=seen, keep_for=KEEP_FOR, alarm=ALARM)
    lifting = Said(at=NOW, answers=golden.attestation())
    with pytest.raises(Changed):
        drafts.say(key, said=lifting, seen=seen, keep_for=KEEP_FOR, alarm=ALARM)
    drafts.say(key, said=Said(at=NOW, answers={DANGER: "yes"}), seen=seen, keep_for=KEEP_FOR, alarm=ALARM)
    assert len(get(key).safety) == 3


def test_a_stop_wins_over_a_send_that_was_on_its_way(app: Flask) -> None:
    _, key = start()
    shown = get(key)
    drafts.say(key, said=Said(at=NOW, answers={DANGER: "yes"}), keep_for=KEEP_FOR, alarm=ALARM)
    with pytest.raises(SafetyStop):
        build.send(draft=shown)
    assert get(key).reference is None


def test_a_draft_deleted_meanwhile_is_not_sent(app: Flask) -> None:
    _, key = start()
    shown = get(key)
    drafts.discard(key)
    with pytest.raises(NotFound):
        build.send(draft=shown)


@pytest.mark.parametrize("name", ["patient.name", "use_place"])
def test_answers_changed_meanwhile_are_not_sent_unseen(app: Flask, name: str) -> None:
    _, key = start()
    drafts.save(key, typed={name: "Cedar"}, now=NOW, keep_for=KEEP_FOR, alarm=ALARM)
    shown = get(key)
    drafts.save(key, typed={name: "Birch"}, now=NOW, keep_for=KEEP_FOR, alarm=ALARM)
    with pytest.raises(Changed):
        build.send(draft=shown)
    assert get(key).reference is None


def test_another_clinic_is_no_other_answer(app: Flask) -> None:
    _, key = start()
    shown = get(key)
    drafts.save(key, typed={"clinic": "b", "patient.name": ""}, now=NOW, keep_for=KEEP_FOR, alarm=ALARM)
    assert build.send(draft=shown).reference == get(key).reference


def test_a_sent_draft_is_empty_and_never_written_again(app: Flask) -> None:
    started, key = start()
    receipt = build.send(draft=get(key))
    assert get(key).typed == {}
    assert get(key).reference == receipt.reference
    assert asked.find_reference(db.session(), started.name) == receipt.reference
    writes: tuple[Callable[[], object], ...] = (
        lambda: drafts.save(key, typed={"patient.name": "Birch"}, now=NOW, keep_for=KEEP_FOR, alarm=ALARM),
        lambda: drafts.say(key, said=SAFE, keep_for=KEEP_FOR, alarm=ALARM),
        lambda: drafts.discard(key),
    )
    for write in writes:
        with pytest.raises(NotFound):
            write()


def test_a_wrong_key_writes_nothing(app: Flask) -> None:
    started, key = start()
    with pytest.raises(NotFound):
        drafts.save(
            DraftKey(started.name, vault.digest("a guess")),
            typed={"clinic": "b"},
            now=NOW,
            keep_for=KEEP_FOR,
            alarm=ALARM,
        )
    assert get(key).typed == {"clinic": "a"}


def test_a_draft_whose_days_are_over_opens_for_nobody(app: Flask) -> None:
    _, key = start()
    last = NOW + timedelta(days=30)
    assert asked.find(db.session(), key, last - timedelta(seconds=1))
    assert asked.find(db.session(), key, last) is None
