"""What the page on security says in figures and lists is what the code says."""

import re
from datetime import timedelta

from portal.config import Settings
from portal.db import Base
from portal.domain import back_off, passwords, second_factors, sessions
from portal.domain.back_off import Counted
from portal.doors import limits
from portal.doors.entry import Entry
from portal.vault import Purpose, keys
from portal.web.sign_in.settings import ARGON2
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return what stands under a heading."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def cells(title: str) -> list[list[str]]:
    """Return the rows of a section's table without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def grown(counted: Counted, first: str) -> str:
    rule = back_off.RULES[counted]
    return f"{rule.free} free, then {first} doubling to {minutes(rule.longest)} min"


def test_every_table_has_its_class() -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(row[2] for row in cells("What is protected"))))
    assert named - {"sealed_"} == set(Base.metadata.tables)


def test_every_limit_that_is_documented_is_that_of_the_settings() -> None:
    told = {row[0].strip("`").lower(): row[1] for row in cells("Limits")}
    assert told
    for name, value in told.items():
        assert str(Settings.model_fields[name].default) == value, name
    assert (
        f"{limits.PAGES} to a page, {limits.SEARCH} for searches and systems, {limits.FORMS} for forms and keys, "
        f"{limits.SIGN_IN} to sign in" in " ".join(section("Limits").split())
    )
    assert (limits.SEARCH, limits.FORMS) == (limits.MACHINES, limits.KEYS)


def test_every_way_in_is_documented() -> None:
    assert {row[0].lower() for row in cells("Ways in")} == {str(entry).lower() for entry in Entry} | {"shell"}


def test_the_figures_of_sign_in_are_those_of_the_rules() -> None:
    seconds = back_off.RULES[Counted.ACCOUNT].first.seconds
    letters = back_off.RULES[Counted.LETTER].first
    assert dict(cells("Sign-in and sessions")) == {
        "password alone": f"{passwords.LEAST_ALONE} to {passwords.MOST} characters",
        "password beside a second factor": f"{passwords.LEAST_WITH_SECOND_FACTOR} to {passwords.MOST} characters",
        "code of an app": f"{second_factors.STEP_SECONDS} s, one step to either side, once",
        "recovery codes": f"{second_factors.RECOVERY_CODES}, once each",
        "tries of an account": f"{grown(Counted.ACCOUNT, f'{seconds} s')}, {back_off.RULES[Counted.ACCOUNT].most} at most",
        "tries from an address": grown(Counted.ADDRESS, f"{back_off.RULES[Counted.ADDRESS].first.seconds} s"),
        "letters to an email": grown(Counted.LETTER, f"{minutes(letters)} min"),
        "session, idle": f"{minutes(sessions.IDLE_AFTER)} min",
        "session, at most": f"{sessions.OVER_AFTER // timedelta(hours=1)} h",
        "proven again for what is sensitive": f"{minutes(sessions.FRESH_FOR)} min",
    }


def test_the_keys_are_those_of_the_code() -> None:
    told = {row[0].strip("`"): row[1] for row in cells("Keys")}
    assert {f"content key to {purpose}" for purpose in Purpose} < set(told)
    memory, passes = ARGON2["argon2__memory_cost"] // 1024, ARGON2["argon2__time_cost"]
    assert told["passwords"] == f"argon2id, {memory} MiB, {passes} passes"
    assert told["status, draft and API keys"].startswith(f"{keys.KEY_BYTES * 8} bits")
