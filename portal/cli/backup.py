"""`flask backup`: the whole database in one sealed file, read back before it is called done."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from portal.actions import trail
from portal.domain.audit import Act
from portal.doors.asking import operator
from portal.doors.world import now, world
from portal.gateways import backup_file
from portal.gateways.backup_file import FileTrouble
from portal.ledger.trail import About
from portal.queries import everything
from portal.queries.everything import NotWhole
from portal.vault import KeyTrouble, stream
from portal.vault.stream import Damaged, Opened

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@FILE
@click.option("--check", is_flag=True, help="Write nothing; read a backup back that is there.")
@with_appcontext
def backup(file: Path, *, check: bool) -> None:
    """Write all there is in the database to FILE, which only the key file opens; the portal may go on running."""
    with said_plainly(file):
        counts, opened = _check(file) if check else _write(file)
    click.echo(
        f"{file}: {told(counts)}, of {opened.facts['made_at']}, {file.stat().st_size:,} bytes. All of it was read back.\n"
        f"It opens with the key {opened.wrapping} alone. Keep that key somewhere else."
    )


@contextmanager
def said_plainly(file: Path) -> Iterator[None]:
    """Leave the command with a sentence when the file is not to be had, not whole, or not for these keys."""
    try:
        yield
    except (Damaged, NotWhole) as trouble:
        raise click.ClickException(f"{file} cannot be used: {trouble}. Nothing was changed.") from None
    except FileTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    except KeyTrouble as trouble:
        raise click.ClickException(f"{file} does not open. {trouble}") from None


def told(counts: Mapping[str, int]) -> str:
    """Return what a person wants to know of the rows of every table."""
    return f"{counts.get('referrals', 0):,} referrals, {sum(counts.values()):,} rows"


def _write(file: Path) -> tuple[dict[str, int], Opened]:
    with backup_file.fresh(file) as written:
        with everything.snapshot() as connection:
            facts = {
                "made_at": now().isoformat(timespec="seconds"),
                "migration": everything.find_migration(connection) or "",
                "database": connection.dialect.name,
            }
            for part in stream.seal(everything.lines(connection), facts=facts, wrapping=world().wrapping):
                written.write(part)
        written.seek(0)
        counts, opened = _read(written)
    # Written down after the file stands; a backup that nobody finished is none.
    about = About(facts={**facts, "rows": sum(counts.values()), "referrals": counts.get("referrals", 0)})
    trail.note(Act.BACKED_UP, actor=operator("shell"), now=now(), about=about)
    return counts, opened


def _check(file: Path) -> tuple[dict[str, int], Opened]:
    with backup_file.read(file) as written:
        return _read(written)


def _read(written: BinaryIO) -> tuple[dict[str, int], Opened]:
    opened = stream.unseal(written, wrapping=world().wrapping)
    return _count(everything.batches(opened.plain)), opened


def _count(batches: Iterable[everything.Batch]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for batch in batches:
        counts[batch.table] = counts.get(batch.table, 0) + len(batch.rows)
    return counts
