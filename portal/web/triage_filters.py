"""The filters of the queue: read from the address, and offered with what each would show."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.domain.lifecycle import OPEN, Status
from portal.domain.queue import Due, Filters, Held, Page, Tally
from portal.domain.vocabulary import Tier, WaitingOn
from portal.web.queue_words import WAITING_WORDS

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One box to tick, with how many open referrals it stands for."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The boxes of one field."""

    name: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """A set of filters that is asked for often."""

    label: str
    url: str
    count: int
    current: bool


FIELDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("tier", "Tier", {tier: tier.label for tier in Tier}),
    ("waiting", "Waiting on", {whose: WAITING_WORDS[whose] for whose in (WaitingOn.US, WaitingOn.REFERRER)}),
    ("status", "Status", {status: status.label for status in Status if status in OPEN}),
    ("held", "Held by", {Held.ME: "Me", Held.NOBODY: "Nobody"}),
    ("due", "First look", {Due.OVER: "Over time"}),
)
TABS: tuple[tuple[str, Filters], ...] = (
    ("All open", Filters()),
    ("Mine", Filters(held=frozenset({Held.ME}))),
    ("Over time", Filters(due=frozenset({Due.OVER}))),
    ("Waiting on us", Filters(waiting=frozenset({WaitingOn.US}))),
)


def shown(filters: Filters, page: Page) -> dict[str, object]:
    """Return what the queue's page shows of its filters."""
    following = {**write(filters), "after": str(page.following)} if page.following else None
    return {
        "tabs": tabs(filters, page.tallies),
        "groups": groups(filters, page.tallies),
        "chosen": chosen_words(filters, page.tallies),
        "open_count": sum(tally.count for tally in page.tallies),
        "several_clinics": len({tally.clinic for tally in page.tallies}) > 1,
        "next_url": url_for("triage.queue", **following) if following else None,  # type: ignore[arg-type]
    }


def read(args: "MultiDict[str, str]") -> Filters:
    """Read the filters of an address; what is no filter is passed over."""
    return Filters(
        clinic=frozenset(args.getlist("clinic")),
        tier=_known(Tier, args.getlist("tier")),
        status=_known(Status, args.getlist("status")),
        waiting=_known(WaitingOn, args.getlist("waiting")),
        held=_known(Held, args.getlist("held")),
        due=_known(Due, args.getlist("due")),
    )


def _known(kind: type[E], typed: Iterable[str]) -> frozenset[E]:
    known = {member.value: member for member in kind}
    return frozenset(known[text] for text in typed if text in known)


def write(filters: Filters) -> dict[str, list[str]]:
    """Return the filters as parts of an address."""
    chosen = {name: sorted(getattr(filters, name)) for name in ("clinic", *(field[0] for field in FIELDS))}
    return {name: values for name, values in chosen.items() if values}


def groups(filters: Filters, tallies: Iterable[Tally]) -> tuple[Group, ...]:
    """Return the fields to filter by; the clinic is one of them when there are several."""
    tallies = tuple(tallies)
    clinics = {
        tally.clinic: tally.clinic_name for tally in sorted(tallies, key=lambda tally: tally.clinic_name)
    }
    fields = (*((("clinic", "Clinic", clinics),) if len(clinics) > 1 else ()), *FIELDS)
    return tuple(_group(name, legend, labels, filters, tallies) for name, legend, labels in fields)


def _group(
    name: str, legend: str, labels: dict[str, str], filters: Filters, tallies: Iterable[Tally]
) -> Group:
    def count(value: str) -> int:
        return sum(tally.count for tally in tallies if getattr(tally, name) == value)

    return Group(
        name=name,
        legend=legend,
        options=tuple(
            Option(value=value, label=label, count=count(value), chosen=value in getattr(filters, name))
            for value, label in labels.items()
        ),
    )


def tabs(filters: Filters, tallies: Iterable[Tally]) -> tuple[Tab, ...]:
    """Return the ready-made sets of filters with their counts."""
    tallies = tuple(tallies)
    return tuple(
        Tab(
            label=label,
            url=url_for("triage.queue", **write(ready)),  # type: ignore[arg-type]
            count=sum(tally.count for tally in tallies if ready.keep(tally)),
            current=ready == filters,
        )
        for label, ready in TABS
    )


def chosen_words(filters: Filters, tallies: Iterable[Tally]) -> str:
    """Return the chosen filters in words, like "Urgent, Referrer"."""
    return ", ".join(
        option.label for group in groups(filters, tallies) for option in group.options if option.chosen
    )
