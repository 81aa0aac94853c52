"""The application, put together; the only file that knows every room."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, make_response, request
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from flask_security import RoleMixin, SQLAlchemyUserDatastore
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException

from portal import api, cli, doors, web
from portal.api import problems
from portal.config import ROOT, Settings, read_settings
from portal.db import RING, db, ring
from portal.doors import entry, failures, sessions, soundness
from portal.doors.world import EXTENSION, World, world_of
from portal.models import Member, Passkey
from portal.queries import content_keys
from portal.vault import Keys, KeyTrouble, Ring, WrappingKeys, development_keys
from portal.web import errors, sign_in
from portal.worker import command as worker_command

ERRORS_FROM = 400

migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; raises when a setting is missing or a route does not declare who may enter."""
    settings = settings or read_settings()
    soundness.refuse(settings)
    # It holds the database and the mails: nobody else on this machine looks in.
    settings.instance_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask("portal", template_folder="web/templates", static_folder=None)
    # An address is written in one way: nobody is led from "/staff//queue" to where it may have meant.
    app.url_map.merge_slashes = False
    app.config.from_mapping(_flask_config(settings))
    app.extensions[EXTENSION] = World(
        settings=settings,
        keys=Keys(secret=settings.secret_key, link_days=settings.status_link_days),
        wrapping=_wrapping(settings),
    )
    doors.init_app(app)
    db.init_app(app)
    hang_ring(app)
    migrate.init_app(app, db)
    csrf = CSRFProtect(app)
    sign_in.init_app(app, SQLAlchemyUserDatastore(db, Member, RoleMixin, Passkey))
    web.init_app(app, csrf)
    api.init_app(app, csrf)
    cli.init_app(app)
    app.cli.add_command(worker_command)
    app.register_error_handler(Exception, _answer_failure)
    sessions.init_app(app)
    entry.guard(app)
    return app


def create_server() -> Flask:
    """Build the application for a web server: what the first visitor would wait for is read, and the keys tried, now."""
    app = create_app()
    _ = world_of(app).locator
    with app.app_context(), _said_plainly():
        ring().check()
    # What is read by now stays for good. The collector would walk all of it, some tenths of a second, while people wait.
    gc.freeze()
    return app


def hang_ring(app: Flask) -> None:
    """Give the application a key ring that has read nothing yet."""
    app.extensions[RING] = Ring(world_of(app).wrapping, lambda: content_keys.wrapped(db.session()))


def _wrapping(settings: Settings) -> WrappingKeys:
    with _said_plainly():
        if settings.keys:
            wrapping = WrappingKeys(lambda: settings.keys.replace(",", "\n"), where="KEYS")
        else:
            wrapping = _key_file(settings)
        if settings.production and wrapping.for_development:
            raise KeyTrouble(
                "These keys were made for development. `python -m portal.vault` prints one for production."
            )
    return wrapping


def _key_file(settings: Settings) -> WrappingKeys:
    path = settings.key_path
    if not settings.production and development_keys(path):
        click.echo(f"Keys for development were made in {path}, for nobody but you to read.", err=True)
    return WrappingKeys(path.read_text, where=f"the key file {path}")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Leave the program with a sentence where the keys do not fit, and with no trace of a program."""
    try:
        yield
    except KeyTrouble as trouble:
        raise SystemExit(f"The portal does not start:\n  {trouble}") from None


def _answer_failure(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException) and error.code and error.code < ERRORS_FROM:
        return error
    found = failures.sort(error)
    answer = problems.page(found) if request.path.startswith("/api/") else errors.page(found)
    response = make_response(answer)
    response.headers.update(found.headers)
    return response


def _flask_config(settings: Settings) -> dict[str, object]:
    prefix = "__Host-" if settings.secure else ""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": settings.max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_body_bytes,
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A token lives as long as the session; a form left open over lunch still sends.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }
