"""Counts of requests in this process's memory, without a thread: what is over is dropped while others are counted.

The library's own store starts a thread for that, up to a hundred times a second, which costs a page more than the
page itself.
"""

import time

from limits.storage import Storage

SWEEP_SECONDS = 60


class Counts(Storage):
    """A store of the library for one process; how many counts it keeps is bounded by who asked in the last minute."""

    STORAGE_SCHEME = ["portal-memory"]  # noqa: RUF012  (the library finds it by this list)

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        """Start with nothing counted."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept_at = time.time()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing goes wrong here that is the store's own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and return how many there are; the first of them says in how many seconds they are forgotten."""
        now = time.time()
        if now - self._swept_at > SWEEP_SECONDS:
            self._counts = {kept: count for kept, count in self._counts.items() if count[1] > now}
            self._swept_at = now
        count, ends = self._counts.get(key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + expiry
        self._counts[key] = count + amount, ends
        return count + amount

    def get(self, key: str) -> int:
        """Return how many there are."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return the Unix time at which they are forgotten."""
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Tell that the store is there."""
        return True

    def reset(self) -> int:
        """Forget all, and return how many there were."""
        forgotten, self._counts = len(self._counts), {}
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one."""
        self._counts.pop(key, None)
