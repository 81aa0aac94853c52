"""Nothing on any page comes from anybody else: no script, style, picture, font, form or frame."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web import assets
from tests.build import send
from tests.cast import Cast
from tests.house.test_routes import paths
from tests.web import practice

# What is asked of here is in the pages, whatever they read.
pytestmark = pytest.mark.one_database("sqlite")

LOADS = {
    "script": "src", "link": "href", "img": "src", "source": "src", "video": "src", "audio": "src",
    "iframe": "src", "frame": "src", "embed": "src", "object": "data", "use": "href", "image": "href",
    "form": "action", "button": "formaction", "input": "formaction", "base": "href", "track": "src",
}  # fmt: skip
"""What a browser follows by itself or sends a form to, by element."""
OUR_OWN = re.compile(r"(/(?!/)|#|data:image/).*", re.DOTALL)


def loaded(tree: Any) -> Iterator[str]:
    """Yield what a page loads or sends to."""
    for element, attribute in LOADS.items():
        for found in tree.iter(element):
            yield from filter(None, (found.get(attribute), found.get("srcset"), found.get("ping")))


def test_every_page_loads_from_here_alone(app: Flask, client: FlaskClient, cast: Cast) -> None:
    receipt = send()
    draft = practice.begin(client).rpartition("/")[2]
    client.get(f"/s/{receipt.status_key}")
    seen = 0
    for browser in (client, cast.browser("dahlia"), app.test_client()):
        for _rule, path in paths(app, "GET", receipt.reference, draft):
            answer = browser.get(path)
            if answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
                foreign = [
                    way
                    for way in loaded(html5lib.parse(answer.text, namespaceHTMLElements=False))
                    if not OUR_OWN.fullmatch(way)
                ]
                assert foreign == [], path
                seen += 1
    assert seen > 30


@pytest.mark.parametrize(
    "source", [*assets.HERE.glob("*.css"), assets.BOOTSTRAP_CSS], ids=lambda path: path.name
)
def test_no_stylesheet_loads_from_anywhere_else(source: Path) -> None:
    named = re.findall(r"(?:url\(|@import\s*)['\"]?([^'\")\s]+)", source.read_text())
    assert [way for way in named if not way.startswith("data:image/")] == []


def test_no_script_names_another_site() -> None:
    for source in assets.HERE.glob("*.js"):
        assert re.findall(r"https?://|//[a-z]+\.", source.read_text()) == [], source.name
