"""Every setting is documented, and production has no secret by default."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from portal.config import ROOT, Settings, read_settings

EXAMPLE = (ROOT / ".env.example").read_text()
# Read by the start script and the server, not by the application.
OUTSIDE = {"HOST", "PORT", "WORKERS"}


def test_every_setting_is_in_the_example_file_and_nothing_else() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert named - OUTSIDE == {name.upper() for name in Settings.model_fields}
    assert named >= OUTSIDE


def production(folder: Path, **changes: object) -> Settings:
    given = {"secret_key": "s" * 32, "public_url": "https://referrals.example", "keys": "k"} | changes
    return Settings(_env_file=None, portal_env="production", instance_path=folder, **given)  # type: ignore[arg-type]


def test_production_starts_with_its_secret(tmp_path: Path) -> None:
    assert production(tmp_path).production


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"public_url": "http://referrals.example"}, "PUBLIC_URL"),
        ({"keys": ""}, "KEY_FILE or KEYS"),
    ],
)
def test_production_refuses_what_is_missing(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        production(tmp_path, **changes)


def test_a_wrong_setting_is_named_and_its_value_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAFT_DAYS", "a secret pasted into the wrong line")
    with pytest.raises(SystemExit, match="DRAFT_DAYS") as raised:
        read_settings()
    assert "secret" not in str(raised.value)
