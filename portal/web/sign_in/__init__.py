"""Sign-in: two factors for everybody, by the library where it reaches and by views of ours where it does not."""

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from portal.doors.world import world_of
from portal.web.sign_in import away, routes, settings
from portal.web.sign_in.totp import SingleUse


def init_app(app: Flask, store: SQLAlchemyUserDatastore) -> None:
    """Set the library up over the members in `store`, and open the addresses of sign-in."""
    app.config.from_mapping(settings.read(world_of(app).settings))
    security = Security(app, store, register_blueprint=False, totp_cls=SingleUse)
    # Members sign in by the form alone: the library's JSON answers hand out tokens that outlive a sign-out.
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)
    app.register_blueprint(routes.blueprint())
    away.init_app(app)
