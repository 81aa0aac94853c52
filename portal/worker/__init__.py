"""The clock door: claims one row, does one thing, marks it; no state in memory, so any number may run."""

from portal.worker.loop import command

__all__ = ["command"]
