"""Every `flask` command that a page names exists, and every template can be read."""

import re

import click
from flask import Flask

from tests.house.sources import ROOT

NAMED = re.compile(r"`flask ([a-z-]+)(?: ([a-z-]+))?")


def test_the_commands_of_the_readme_exist(app: Flask) -> None:
    named = NAMED.findall((ROOT / "README.md").read_text())
    assert named
    for name, verb in named:
        command = app.cli.commands[name]
        assert not verb or not isinstance(command, click.Group) or verb in command.commands, (name, verb)


def test_every_template_can_be_read(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
