"""Errors that the rules raise; each carries what a person needs to go on, and nothing about a patient."""

from collections.abc import Iterable, Mapping


class PortalError(Exception):
    """Anything that a rule refuses."""


class NotFound(PortalError):
    """There is no such thing, or the asker may not know that there is."""


class NotAllowed(PortalError):
    """The asker may see it but not do this; the message says who may."""


class Refused(PortalError):
    """The move does not fit the referral as it is now; the message says why, in words for the page."""


class Stale(PortalError):
    """Somebody else moved the referral first.

    `version` is what it is at now; the events after the asker's version say what changed.
    """

    def __init__(self, version: int) -> None:
        super().__init__("This referral changed while you were writing.")
        self.version = version


class Changed(PortalError):
    """The answers are no longer those that were shown: nothing is filed unseen."""


class Unfit(PortalError):
    """Fields that cannot be used: `problems` maps a field's dotted name to a sentence that says the way out."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {said}" for name, said in problems.items()))
        self.problems = dict(problems)


class SafetyStop(PortalError):
    """Somebody may be in danger: nothing is filed, the crisis numbers are shown. `rules` are the ids that fired."""

    def __init__(self, rules: Iterable[str] = ()) -> None:
        super().__init__("Somebody may be in danger.")
        self.rules = tuple(sorted(rules))


class Duplicate(PortalError):
    """The sender has sent an open referral for this patient before; `reference` names it."""

    def __init__(self, reference: str) -> None:
        super().__init__("There is an open referral for this patient from the same sender.")
        self.reference = reference


class UnderAge(PortalError):
    """The patient is under 18: nothing is filed, the page says where to turn."""


class Replayed(PortalError):
    """The same submission key came with different contents."""


class NotTaken(PortalError):
    """A file that is not kept; the message says why and the way out, in words for the page."""
