"""Files that wait for the scanner are shown to it again, until it says of each whether it may be opened."""

import time

from portal.actions import files as acting
from portal.db import db
from portal.doors import logs
from portal.doors.asking import operator
from portal.doors.world import now
from portal.gateways.scanner import Away, Scan
from portal.queries import files
from portal.queries.files import Kept
from portal.vault import Tampered

LOG = logs.logger("files")
PAUSE_SECONDS = 30.0


class Rescanner:
    """Shows what waits to the scanner, and leaves it alone for a while when it did not look."""

    def __init__(self, scan: Scan | None, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        """Take what scans; None, where no scanner is set up, lets what waits wait."""
        self._scan, self._pause_seconds = scan, pause_seconds
        self._again_at = float("-inf")

    def turn(self) -> int:
        """Show some of what waits to the scanner; return how many were settled."""
        if self._scan is None or time.monotonic() < self._again_at:
            return 0
        waiting = files.quarantined(db.session())
        settled = [self._settle(self._scan, kept) for kept in waiting]
        if not all(settled):
            self._again_at = time.monotonic() + self._pause_seconds
        return sum(settled)

    def _settle(self, scan: Scan, kept: Kept) -> bool:
        try:
            content = b"".join(files.content(db.session(), kept))
            # A scanner may take its time: no transaction stays open meanwhile.
            db.session.rollback()
            harmless = scan(content)
        except (Away, Tampered) as trouble:
            LOG.warning("a file waits for the scanner", kind=type(trouble).__name__)
            return False
        if harmless:
            acting.release(kept.name)
        else:
            acting.remove_harmful(kept.name, actor=operator("scanner"), now=now())
            logs.security("removed", reason="a file that the scanner calls harmful")
        return True
