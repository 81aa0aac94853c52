"""The outside world as the application was given it at start: settings, keys, places, the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from flask import Flask, current_app

from portal.config import ROOT, Settings
from portal.domain.letters import Site
from portal.gateways.gazetteer import Gazetteer
from portal.gateways.geocoder import Locator
from portal.vault import Keys, WrappingKeys

EXTENSION = "portal"


@dataclass(frozen=True, kw_only=True)
class World:
    """What a door may reach beside the database."""

    settings: Settings
    keys: Keys
    wrapping: WrappingKeys

    @cached_property
    def locator(self) -> Locator:
        """The places; its tables take a third of a second to read, which a `flask` command need not pay."""
        return Locator(Gazetteer(ROOT / "seeds" / "places", home_state=self.settings.home_state))


def world_of(app: Flask) -> World:
    """Return the world that an application was given."""
    found: World = app.extensions[EXTENSION]
    return found


def world() -> World:
    """Return the running application's world."""
    return world_of(current_app)


def now() -> datetime:
    """Return the present moment in UTC; doors read the clock, rules are told the time."""
    return datetime.now(UTC)


def site() -> Site:
    """Return how the portal calls itself in mails."""
    return Site(name=world().settings.site_name, url=world().settings.public_url)
