"""A search costs at most one comparison with every name, whatever an address lists."""

import pytest
from flask.testing import FlaskClient

from portal.doors.world import world
from portal.gateways.gazetteer import Gazetteer
from tests.html import page, words


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were compared with all others."""
    seen: list[str] = []
    compare = Gazetteer.similar_towns

    def count(self: Gazetteer, reading: object, **limits: object) -> object:
        seen.append(str(reading))
        return compare(self, reading, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(Gazetteer, "similar_towns", count)
    return seen


def test_a_list_of_unknown_places_costs_one_comparison(client: FlaskClient, compared: list[str]) -> None:
    near = {"among": [f"qqzz{number}xx" for number in range(10)]}
    assert client.get("/clinics", query_string=near).status_code == 200
    assert len(compared) == 1


def test_our_own_links_list_every_place_they_name(client: FlaskClient, compared: list[str]) -> None:
    keys = ["Springfield, MO", "Springfield, IL", "Springfield, OR"]
    assert all(world().locator.locate(key) for key in keys)
    shown = words(page(client.get("/clinics", query_string={"among": keys})))
    for name in ("Springfield, Missouri", "Springfield, Illinois", "Springfield, Oregon"):
        assert name in shown
    assert compared == []


@pytest.mark.parametrize(
    "typed", ["x" * 200, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200, "a " * 100]
)
def test_a_long_text_costs_no_more(client: FlaskClient, compared: list[str], typed: str) -> None:
    assert client.get("/clinics", query_string={"near": typed}).status_code == 200
    assert len(compared) <= 1
