"""What surrounds every page: names for templates, and the files that go with them."""

from flask import Flask

from portal.doors.world import world_of
from portal.web import assets, words


def init_app(app: Flask) -> None:
    """Give templates their names."""
    settings = world_of(app).settings
    assets.init_app(app, settings.instance_path / "assets")
    app.jinja_env.globals.update(
        site_name=settings.site_name,
        site_tagline=settings.site_tagline,
        phone_line=settings.phone_line,
        test_data=not settings.production,
        words=words,
    )
