"""Sign-in: two factors for everybody, by the library where it reaches and by views of ours where it does not."""

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf.csrf import CSRFProtect

from portal.doors.world import world_of
from portal.web.forms.sign_in import SignInForm
from portal.web.sign_in import routes, settings


def init_app(app: Flask, csrf: CSRFProtect, store: SQLAlchemyUserDatastore) -> None:
    """Set the library up over the members in `store`, and open the addresses of sign-in."""
    app.config.from_mapping(settings.read(world_of(app).settings))
    security = Security(app, store, register_blueprint=False, login_form=SignInForm)
    # Members sign in by the form alone: the library's JSON answers hand out tokens that outlive a sign-out.
    security.want_json(lambda _request: False)
    security.login_manager.request_loader(lambda _request: None)
    app.register_blueprint(routes.blueprint())
    csrf.exempt(routes.login)
