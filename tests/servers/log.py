"""The log as an operator of a portal in production would find it, line by line."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from portal.doors import logs


@dataclass
class Log:
    """What was written since the test began."""

    written: StringIO = field(default_factory=StringIO)

    @property
    def text(self) -> str:
        return self.written.getvalue()

    def lines(self, **facts: object) -> list[dict[str, Any]]:
        """Return the lines, each a JSON object, that tell these facts."""
        read = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in read if facts.items() <= line.items()]


@contextmanager
def kept() -> Iterator[Log]:
    """Keep what goes through the chain of production, beside where it goes otherwise."""
    log = Log()
    handler = logging.StreamHandler(log.written)
    handler.setFormatter(logs.formatter(production=True))
    logging.getLogger().addHandler(handler)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(handler)
