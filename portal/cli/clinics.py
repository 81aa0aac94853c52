"""`flask clinics`: bring listings in from a file and give them out; an export that is imported changes nothing."""

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.actions.clinics import Counts, import_listings
from portal.cli import listing_file
from portal.db import db
from portal.queries import directory

commands = AppGroup("clinics", help="The clinics of the directory.")


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Add and change clinics by slug from a CSV FILE; a bad row is named by its line, and then nothing changes."""
    click.echo(load(file))


@commands.command("export")
def export() -> None:
    """Write every clinic as CSV."""
    found = [directory.listing_of(clinic) for clinic in directory.clinics(db.session())]
    # Bytes, because the terminal's own encoding may know fewer letters than the clinics' names.
    click.echo(listing_file.write(found).encode(), nl=False)


def load(path: Path) -> Counts:
    """Import a file of listings and return what it did; raise ClickException when it is refused."""
    found = listing_file.read(path)
    with listing_file.progress(found, "Writing") as shown:
        return import_listings(shown)
