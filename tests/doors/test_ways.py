"""An answer sends a browser along a path of our own, whoever made the redirect and whatever it was made from."""

import pytest
from flask import redirect
from flask.testing import FlaskClient

from portal.doors import ways
from portal.doors.entry import Entry, enter
from tests.cast import Cast
from tests.doors.conftest import PortalWith

# None of these doors asks a table.
pytestmark = pytest.mark.one_database("sqlite")

AWAY = (
    "https://elsewhere.example/",
    "//elsewhere.example",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\telsewhere.example",
    "/\n/elsewhere.example",
    " //elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://localhost@elsewhere.example/",
    "http://localhost.elsewhere.example/",
    "http:elsewhere.example",
    "elsewhere.example",
    "",
    "http://[",
)


@pytest.mark.parametrize("way", AWAY)
def test_a_way_that_leads_away_is_no_own_path(way: str) -> None:
    assert not ways.is_own_path(way)


@pytest.mark.parametrize("way", ["/", "/clinics?near=Bethel,+AK", "/r/7KQ4-92MD#answer", "/staff/..//x"])
def test_a_path_of_the_site_is_one(way: str) -> None:
    assert ways.is_own_path(way)


@pytest.mark.parametrize(
    ("way", "led"),
    [
        *((way, "/") for way in AWAY if way and not {"\n", "\t"} & set(way)),
        ("http://localhost/about", "/about"),
        ("/about?x=1", "/about?x=1"),
    ],
)
def test_no_redirect_of_any_route_leads_away(portal_with: PortalWith, way: str, led: str) -> None:
    other = portal_with()
    other.add_url_rule("/away", "away", enter(Entry.PUBLIC)(lambda: redirect(way)))
    assert other.test_client().get("/away").location == led


def test_a_doubled_slash_leads_nowhere(client: FlaskClient, cast: Cast) -> None:
    for path, status in (
        ("//clinics", 200),
        ("/clinics//", 404),
        ("/staff//queue", 404),
        ("//a.example/b", 404),
    ):
        answer = cast.browser("dahlia").get("/", environ_overrides={"PATH_INFO": path})
        assert answer.status_code == status, path
        assert "Location" not in answer.headers, path
