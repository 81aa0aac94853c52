"""Work that takes long, done in threads beside the pages: one address has one piece of it done at a time.

Whoever brings much waits for themselves, and others wait for as much as they bring.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from weakref import WeakValueDictionary

R = TypeVar("R")

AT_ONCE = 4
"""From how many addresses; their files are read in turns, so that pages have the rest of the machine."""


class Turns:
    """Who is being worked for, in one process."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files")
        self._locks = WeakValueDictionary[str, asyncio.Lock]()

    async def take(self, who: str, work: Callable[[], R]) -> R:
        """Return what some work returns, done once all that came from this address before is done."""
        async with self._locks.setdefault(who, asyncio.Lock()):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
