"""The application on a real SQLite and a real PostgreSQL, begun anew before every test."""

import os
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import Settings
from portal.db import db
from tests.cast import Cast
from tests.stage import Stage

pytest_plugins = ["tests.servers.plugin"]

DATABASES = ("sqlite", "postgresql")


class Browser(FlaskClient):
    """A browser whose requests share nothing with the test: not its session, not who was signed in before."""

    def open(self, *args: Any, **asked: Any) -> TestResponse:
        return Context().run(super().open, *args, **asked)


# A busy machine is no fault of what is tested: nothing here is timed.
settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_database(kind): what these tests show, one of the two shows as well as both"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses the application on both databases, unless it says that one proves as much."""
    if "migrated_app" in metafunc.fixturenames:
        one = metafunc.definition.get_closest_marker("one_database")
        databases = one.args if one else DATABASES
        metafunc.parametrize("migrated_app", databases, indirect=True, scope="session")


@pytest.fixture(scope="session")
def migrated_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a fresh database, brought up by the migrations, once per worker."""
    folder = tmp_path_factory.mktemp(request.param)
    url = f"sqlite:///{folder / 'portal.sqlite3'}" if request.param == "sqlite" else new_postgres_database()
    app = create_app(settings_for_tests(folder, url))
    app.testing = True
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


def settings_for_tests(folder: Path, database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        secret_key="a secret of the tests, forty characters",
        instance_path=folder,
        database_url=database_url,
        public_url="http://127.0.0.1:8000",
        # Tests ask more often than people do; the tests of the limits set their own.
        limits_factor=0,
    )


def new_postgres_database() -> str:
    """Make a database of its own on the test server and return its URL."""
    server = make_url(os.environ["TEST_POSTGRES_URL"])
    name = f"test_{os.getpid()}_{os.urandom(4).hex()}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def stage(migrated_app: Flask) -> Stage:
    """What knows how the database of the application begins."""
    return Stage()


@pytest.fixture
def app(migrated_app: Flask, stage: Stage) -> Iterator[Flask]:
    """The application with the first network's clinics, the cast, and nothing else."""
    with migrated_app.app_context():
        stage.set()
        yield migrated_app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the stories, by name."""
    return Cast(app)
