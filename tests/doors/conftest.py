"""Portals with other settings than the shared one, over the same database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.app import create_app
from portal.db import db
from portal.doors.world import world_of
from tests.conftest import Browser

PortalWith = Callable[..., Flask]


@pytest.fixture
def portal_with(app: Flask) -> Iterator[PortalWith]:
    """Makes a portal whose settings are the shared one's, but for those named."""
    made = []

    def make(**changes: object) -> Flask:
        other = create_app(world_of(app).settings.model_copy(update=changes))
        other.testing = True
        other.test_client_class = Browser
        made.append(other)
        return other

    yield make
    for other in made:
        with other.app_context():
            db.engine.dispose()
