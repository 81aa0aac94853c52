"""The outside world as the application was given it at start: settings, keys, places, the clock."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, current_app

from portal.config import Settings
from portal.gateways.geocoder import Locator
from portal.vault import Keys

EXTENSION = "portal"


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """What a door may reach beside the database."""

    settings: Settings
    keys: Keys
    locator: Locator


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
