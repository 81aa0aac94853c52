"""A backup is whole, sealed and of this portal, or it is refused with a sentence and nothing changes."""

import json
import stat
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from portal.db import db
from portal.doors.world import world_of
from portal.vault import WrappingKeys, new_line, stream
from tests.cli.drill import FEW, MARK, Own, own_portal
from tests.conftest import DATABASES


@pytest.fixture(scope="module", params=DATABASES)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """One portal for all of them: none of these tests changes it."""
    with closing(own_portal(tmp_path_factory.mktemp(request.param), request.param)) as own:
        yield own


@pytest.fixture
def file(own: Own, tmp_path: Path) -> Iterator[Path]:
    """A backup, and the promise that the test leaves the database as it was."""
    path = tmp_path / "the.backup"
    assert own.flask("backup", str(path)).exit_code == 0
    before = own.rows()
    yield path
    assert own.rows() == before


def refused(own: Own, path: Path) -> str:
    """Show that a file can be neither checked nor restored, and return what is said."""
    checked, restored = (
        own.flask("backup", "--check", str(path)),
        own.flask("restore", "--replace", str(path)),
    )
    assert (checked.exit_code, restored.exit_code) == (1, 1), (checked.output, restored.output)
    assert "Traceback" not in checked.output + restored.output
    return str(restored.output)


def test_a_backup_says_what_it_holds_and_can_be_checked_again(own: Own, file: Path) -> None:
    said = own.flask("backup", "--check", str(file)).output
    assert f"{FEW} referrals" in said
    assert "All of it was read back" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_backup_is_written_down(own: Own, file: Path) -> None:
    assert ("system:shell", "backed up") in {row[2:4] for row in own.rows()["audit_entries"]}


def test_nothing_of_a_patient_and_no_key_stands_in_a_backup(own: Own, file: Path) -> None:
    written = file.read_bytes()
    wrapping = own.settings.key_path.read_text().rpartition(":")[2].strip()
    words = [MARK, "Sampleton", "907555", "example.com", "Anchorage", "argon2", wrapping]
    for word in words:
        for shape in (word.encode(), b64encode(word.encode()).rstrip(b"=")[:-1], word.encode("utf-16-le")):
            assert shape not in written
    assert json.loads(written.splitlines()[1])["facts"].keys() == {"made_at", "migration", "database"}


def test_what_is_sealed_in_the_database_is_sealed_in_the_lines_too(own: Own, file: Path) -> None:
    with file.open("rb") as written:
        plain = b"".join(stream.unseal(written, wrapping=wrapping_of(own)).plain)
    assert b"fern@example.com" in plain
    assert MARK.encode() not in plain


def wrapping_of(own: Own) -> WrappingKeys:
    return world_of(own.app).wrapping


def test_a_backup_is_never_written_over_another_file(own: Own, file: Path) -> None:
    written = file.read_bytes()
    said = own.flask("backup", str(file))
    assert (said.exit_code, "is there already" in said.output) == (1, True)
    assert file.read_bytes() == written


@pytest.mark.parametrize("where", ["no such folder/the.backup", "the.backup/inside a file"])
def test_a_place_that_cannot_be_written_is_named(own: Own, file: Path, where: str) -> None:
    said = own.flask("backup", str(file.parent / where))
    assert (said.exit_code, "cannot be written" in said.output) == (1, True), said.output


def test_a_missing_file_is_named(own: Own, tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(own, tmp_path / "none")


@pytest.mark.parametrize("part", [0.0, 0.002, 0.01, 0.02, 0.1, 0.4, 0.7, 0.999])
def test_a_flipped_byte_is_found_and_changes_nothing(own: Own, file: Path, part: float) -> None:
    written = bytearray(file.read_bytes())
    written[int(len(written) * part)] ^= 0x20
    file.write_bytes(written)
    assert str(file) in refused(own, file)


@pytest.mark.parametrize("part", [0.0, 0.001, 0.5, 0.9999])
def test_a_file_that_ends_early_is_found_and_changes_nothing(own: Own, file: Path, part: float) -> None:
    written = file.read_bytes()
    file.write_bytes(written[: int(len(written) * part)])
    assert "Nothing was changed" in refused(own, file)


def test_another_key_does_not_open_it_and_says_so(own: Own, file: Path) -> None:
    right = own.settings.key_path.read_text()
    name = right.splitlines()[-1].partition(":")[0]
    own.settings.key_path.write_text(f"{name}:{new_line().partition(':')[2]}")
    try:
        part = own.start("restore", "--replace", str(file))
        said = part.communicate(timeout=60)[0]
    finally:
        own.settings.key_path.write_text(right)
    assert (part.returncode, "Traceback" in said) == (1, False), said
    assert f"The key {name}" in said
    assert "Nothing was changed" in said


def sealed(own: Own, path: Path, lines: list[object], **facts: str) -> Path:
    """Write a file as the portal would, with other things in it."""
    plain = (json.dumps(line).encode() + b"\n" for line in lines)
    known = {"made_at": "2026-11-23T20:00:00+00:00", "migration": migration(own), "database": "sqlite"}
    path.write_bytes(b"".join(stream.seal(plain, facts=known | facts, wrapping=wrapping_of(own))))
    return path


def migration(own: Own) -> str:
    with own.app.app_context(), db.engine.connect() as connection:
        return str(connection.scalars(sa.text("SELECT version_num FROM alembic_version")).one())


def test_a_backup_of_a_newer_portal_is_refused(own: Own, tmp_path: Path) -> None:
    path = sealed(own, tmp_path / "newer", [{"rows": {}}], migration="f00000000000")
    said = own.flask("restore", "--replace", str(path))
    assert (said.exit_code, "made by a newer portal (migration f00000000000)" in said.output) == (1, True)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"rows": {"clinics": 1}}], "do not hold the rows"),
        (
            [{"table": "unknown", "columns": ["id"]}, [1], {"rows": {"unknown": 1}}],
            "does not fit this version",
        ),
        ([{"table": "revisions", "columns": ["id"]}, [1], {"rows": {"revisions": 1}}], "does not fit"),
        (
            [{"table": "revisions", "columns": ["name", "number"]}, [None, 1], {"rows": {"revisions": 1}}],
            "The database refused (",
        ),
        ([{"rows": {}}], "no content keys"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_takes_a_place(
    own: Own, tmp_path: Path, lines: list[object], said: str
) -> None:
    before = own.rows()
    done = own.flask("restore", "--replace", str(sealed(own, tmp_path / "odd", lines)))
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert own.rows() == before
