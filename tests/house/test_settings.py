"""Every setting is documented, and a wrong one is named without its value."""

import re
from typing import Any

import pytest

from portal.cli.check import SECRET
from portal.config import ROOT, Settings, read_settings
from portal.doors.world import World
from portal.vault import Keys, WrappingKeys, new_line

EXAMPLE = (ROOT / ".env.example").read_text()
# Read by the start script and the server, not by the application.
OUTSIDE = {"HOST", "PORT", "WORKERS"}


def test_every_setting_is_in_the_example_file_and_nothing_else() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert named - OUTSIDE == {name.upper() for name in Settings.model_fields}
    assert named >= OUTSIDE


def test_no_secret_stands_in_the_text_of_the_settings_or_the_world() -> None:
    line = new_line().strip()
    secret: dict[str, Any] = dict.fromkeys(SECRET, "valkey://planted") | {"keys": line}
    settings = Settings(_env_file=None, **secret)
    world = World(
        settings=settings,
        keys=Keys(secret="planted", link_days=1),
        wrapping=WrappingKeys(lambda: line, where="KEYS"),
    )
    for text in (repr(settings), str(settings), repr(world)):
        assert "Clinic Referrals" in text
        assert "planted" not in text
        assert line not in text
        assert line.partition(":")[2] not in text


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFT_DAYS", "a secret pasted into the wrong line")
    with pytest.raises(SystemExit, match="DRAFT_DAYS") as raised:
        read_settings()
    assert "secret" not in str(raised.value)
