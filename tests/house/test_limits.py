"""Every route that changes something, takes a key or searches stands in the table of limits, and nothing else does."""

from flask import Flask

from portal.doors import entry, limits
from portal.doors.entry import Entry

SAFE = {"GET", "HEAD", "OPTIONS"}


def needs_a_limit(app: Flask) -> set[str]:
    """The endpoints that change something, and the one that a key from outside opens."""
    changing = {rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE}
    opening = {rule.endpoint for rule in app.url_map.iter_rules() if "key" in rule.arguments}
    by_key = {name for name in app.view_functions if entry.entry_of(app, name) is Entry.API_KEY}
    return changing | opening | by_key


def test_every_route_that_needs_a_limit_has_its_line(app: Flask) -> None:
    assert needs_a_limit(app) - set(limits.A_MINUTE) == set()


def test_the_table_names_only_routes_that_are_there(app: Flask) -> None:
    assert set(limits.A_MINUTE) - set(app.view_functions) == set()
