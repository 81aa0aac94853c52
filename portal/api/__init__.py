"""The JSON door: the same values and the same actions as the HTML door, errors as problem+json."""

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect

from portal.api import clinics, files, openapi, referrals

BLUEPRINTS: tuple[Blueprint, ...] = (clinics.bp, files.bp, openapi.bp, referrals.bp)


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Hang the API into the application; it has no cookies, so it needs no CSRF tokens."""
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint, url_prefix="/api/v1")
