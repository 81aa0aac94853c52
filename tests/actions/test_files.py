"""Files are kept sealed in parts, go with their draft to the referral, and are opened only once they are clean."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.actions import content_keys, drafts, files, retention
from portal.db import db, ring, write
from portal.domain.audit import Act
from portal.domain.drafts import Draft, DraftKey
from portal.domain.errors import NotFound, NotTaken
from portal.domain.files import (
    ALL_MOST_BYTES,
    FILE_MOST_BYTES,
    FILES_MOST,
    Cleaned,
    FileKind,
    FileState,
    NewFile,
)
from portal.doors.world import world
from portal.ledger import files as ledger
from portal.ledger.files import PART_BYTES
from portal.models import File, FilePart
from portal.queries import content_keys as asked_keys
from portal.queries import drafts as asked_drafts
from portal.queries import files as asked
from portal.queries.files import Kept
from portal.vault import Tampered
from tests import trail
from tests.actions.test_content_keys import OPERATOR, seal_all
from tests.actions.test_drafts import KEEP_FOR, start
from tests.build import NOW, send, stored

LONG = bytes(range(251)) * (2 * PART_BYTES // 251 + 1)
"""Content of three parts."""


def new(content: bytes = LONG, *, title: str = "Letter.pdf", state: FileState = FileState.CLEAN) -> NewFile:
    return NewFile(title=title, cleaned=Cleaned(kind=FileKind.PDF, content=content), state=state)


def add(key: DraftKey, file: NewFile | None = None) -> str:
    return files.add_to_draft(key, file or new(), now=NOW, keep_for=KEEP_FOR)


def draft_of(key: DraftKey) -> Draft:
    db.session.rollback()
    found = asked_drafts.find(db.session(), key, NOW)
    assert found is not None
    return found


def kept(key: DraftKey) -> tuple[Kept, ...]:
    return asked.of_draft(db.session(), draft_of(key).id)


def content(file: Kept) -> bytes:
    db.session.rollback()
    return b"".join(asked.content(db.session(), file))


def count(table: type[File] | type[FilePart]) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def test_a_file_comes_back_as_it_was_kept_in_three_parts(app: Flask) -> None:
    _, key = start()
    name = add(key)
    (file,) = kept(key)
    assert (file.name, file.title, file.kind, file.size_bytes) == (
        name,
        "Letter.pdf",
        FileKind.PDF,
        len(LONG),
    )
    assert content(file) == LONG
    assert count(FilePart) == 3


def test_neither_its_title_nor_its_content_stands_in_the_database(app: Flask) -> None:
    _, key = start()
    add(key, new(b"Cedar Sampleton", title="Sampleton.pdf"))
    rows = db.session.execute(sa.select(File.__table__)).all()
    parts = db.session.execute(sa.select(FilePart.__table__)).all()
    assert "Sampleton" not in repr(rows) + repr(parts)


@pytest.mark.parametrize("harm", ["swapped", "taken away", "changed"])
def test_a_file_whose_parts_were_touched_does_not_open(app: Flask, harm: str) -> None:
    _, key = start()
    add(key)
    (file,) = kept(key)
    with write() as session:
        parts = session.scalars(sa.select(FilePart).order_by(FilePart.number)).all()
        if harm == "swapped":
            parts[0].sealed_content, parts[1].sealed_content = (
                parts[1].sealed_content,
                parts[0].sealed_content,
            )
        elif harm == "taken away":
            session.delete(parts[2])
        else:
            parts[1].sealed_content = parts[1].sealed_content[:-1] + b"x"
    with pytest.raises(Tampered):
        content(file)


def test_files_go_with_their_draft_to_the_referral(app: Flask) -> None:
    _, key = start()
    _, other = start()
    name = add(key)
    add(other)
    referral = stored(send().reference)
    event_id = db.session.scalar(sa.text("SELECT max(id) FROM events"))
    with write() as session:
        given = ledger.hand_over(
            session, draft_id=draft_of(key).id, referral_id=referral.id, event_id=event_id
        )
    assert given == 1
    assert kept(key) == ()
    assert len(kept(other)) == 1
    (file,) = asked.of_referral(db.session(), referral.id)
    assert (file.name, file.event_id) == (name, event_id)
    assert content(file) == LONG
    drafts.discard(key)
    assert content(file) == LONG


def test_a_draft_that_is_deleted_takes_its_files_along(app: Flask) -> None:
    _, key = start()
    add(key)
    drafts.discard(key)
    assert (count(File), count(FilePart)) == (0, 0)


def test_a_draft_whose_days_are_over_takes_its_files_along(app: Flask) -> None:
    _, key = start()
    add(key)
    after = NOW + KEEP_FOR + timedelta(days=1)
    assert retention.remove_some(actor=OPERATOR, now=after).counts == {"drafts": 1}
    assert (count(File), count(FilePart)) == (0, 0)


def test_a_file_can_be_removed_and_a_second_time_too(app: Flask) -> None:
    _, key = start()
    name, other = add(key), add(key)
    for _ in range(2):
        files.remove_from_draft(key, name, now=NOW, keep_for=KEEP_FOR)
    assert [file.name for file in kept(key)] == [other]
    assert count(FilePart) == 3


def test_nobody_takes_a_file_from_another_draft(app: Flask) -> None:
    _, key = start()
    _, other = start()
    name = add(key)
    files.remove_from_draft(other, name, now=NOW, keep_for=KEEP_FOR)
    assert len(kept(key)) == 1
    with pytest.raises(NotFound):
        asked.get_of_draft(db.session(), draft_of(other).id, name)
    with pytest.raises(NotFound):
        add(DraftKey(name=key.name, digest="a guess"))


def test_a_file_counts_the_days_of_its_draft_anew(app: Flask) -> None:
    _, key = start()
    later = NOW + timedelta(days=3)
    files.add_to_draft(key, new(), now=later, keep_for=KEEP_FOR)
    assert (draft_of(key).saved_at, draft_of(key).expires_at) == (later, later + KEEP_FOR)


def test_there_is_room_for_twenty_files_and_for_50_mb(app: Flask) -> None:
    _, key = start()
    for _ in range(FILES_MOST):
        add(key, new(b"x"))
    with pytest.raises(NotTaken, match="20 files"):
        add(key, new(b"x"))
    _, key = start()
    for _ in range(ALL_MOST_BYTES // FILE_MOST_BYTES):
        add(key, new(bytes(FILE_MOST_BYTES)))
    add(key, new(bytes(ALL_MOST_BYTES % FILE_MOST_BYTES)))
    with pytest.raises(NotTaken, match="50 MB"):
        add(key, new(b"x"))


def test_a_file_that_the_scanner_has_not_passed_is_seen_and_not_opened(app: Flask) -> None:
    _, key = start()
    name = add(key, new(state=FileState.QUARANTINED))
    (file,) = kept(key)
    assert not file.may_be_opened
    with pytest.raises(NotFound):
        asked.get_of_draft(db.session(), draft_of(key).id, name)
    assert asked.quarantined(db.session()) == (file,)
    files.release(name)
    assert asked.get_of_draft(db.session(), draft_of(key).id, name).may_be_opened
    assert asked.quarantined(db.session()) == ()


def test_of_a_harmful_file_only_the_name_is_left_and_it_takes_no_room(app: Flask) -> None:
    _, key = start()
    name = add(key, new(state=FileState.QUARANTINED))
    files.remove_harmful(name, actor=OPERATOR, now=NOW)
    (file,) = kept(key)
    assert (file.title, file.state) == ("Letter.pdf", FileState.REMOVED)
    assert trail.entries()[-1].act == Act.FILE_REMOVED
    assert count(FilePart) == 0
    assert asked.held(db.session(), draft_id=draft_of(key).id).count == 0
    files.release(name)
    assert kept(key)[0].state is FileState.REMOVED


def test_a_clean_file_is_not_taken_away_by_a_late_finding(app: Flask) -> None:
    _, key = start()
    files.remove_harmful(add(key), actor=OPERATOR, now=NOW)
    assert content(kept(key)[0]) == LONG


def test_a_rotation_seals_every_part_anew_a_few_at_a_time(app: Flask) -> None:
    _, key = start()
    few = FilePart.content.rows_at_once
    add(key, new(bytes(PART_BYTES * (few + 1))))
    number = content_keys.begin(world().wrapping, actor=OPERATOR, now=NOW)
    ring().check()
    assert content_keys.seal_anew(FilePart.content, number=number) == few
    seal_all(number)
    assert asked_keys.count_older(db.session(), number) == 0
    assert content(kept(key)[0]) == bytes(PART_BYTES * (few + 1))
