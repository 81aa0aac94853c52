"""A database made beside the one in use, and put in its place by one step that happens whole or not at all.

For SQLite it is a file in the same folder, for PostgreSQL a schema of the same database. The old one is renamed and
stays. Only one is made at a time, and none takes the place of a database that somebody else has open.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from portal.gateways import aside_file, aside_schema


class Aside(Protocol):
    """The new database."""

    engine: sa.Engine

    def swap(self) -> str:
        """Put it in the place of the old one and return how the old one is called now, "" when there was none.

        Raises InUse, and then changes nothing.
        """


def beside(engine: sa.Engine, *, now: datetime) -> AbstractContextManager[Aside]:
    """Make an empty database beside an engine's; unless it is put in its place it is gone after the block.

    Raises InUse.
    """
    engine.dispose()
    name = kept_name(now)
    if engine.dialect.name == "postgresql":
        return aside_schema.beside(engine.url, name)
    return aside_file.beside(Path(engine.url.database or "").resolve(), name)


def kept_name(now: datetime) -> str:
    """Return what is added to the name of what was there before."""
    return f"before_{now:%Y%m%d_%H%M%S_%f}"
