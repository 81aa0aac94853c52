"""The page on who may do what says what the table says, row by row."""

from portal.domain.access import ONLY_TAKEN_ON, TABLE, Permission, Role
from tests.house.sources import ROOT


def row(role: Role) -> str:
    may = ", ".join(held.label for held in Permission if held in TABLE[role]) or "nothing yet"
    return f"| {role.label} | {may} | {'those taken on' if role in ONLY_TAKEN_ON else 'all'} |"


def test_the_page_has_the_row_of_every_role_and_no_other() -> None:
    page = (ROOT / "docs" / "access.md").read_text().splitlines()
    start = page.index("|---|---|---|") + 1
    assert page[start : start + len(Role)] == [row(role) for role in Role]
    assert page[start + len(Role)] == ""
