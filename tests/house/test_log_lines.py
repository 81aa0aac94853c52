"""What the portal logs, it logs through `portal.doors.logs`, in words and facts that a log may hold."""

import ast

from portal.doors.scrubbing import EVENT, KNOWN
from tests.house.sources import ROOT, place, python_files

CHAIN = {"portal/doors/logs.py"}
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}


def portal_files() -> list[tuple[str, ast.Module]]:
    files = [path for path in python_files() if path.is_relative_to(ROOT / "portal")]
    return [(place(path), ast.parse(path.read_text())) for path in files if place(path) not in CHAIN]


def said(tree: ast.Module) -> list[ast.Call]:
    """Return the calls that write a line: `LOG.info(...)` and `logs.security(...)`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr)
        in {("logs", "security"), *(("LOG", level) for level in LEVELS)}
    ]


def test_no_part_of_the_portal_goes_round_the_chain() -> None:
    imports = {
        name: alias.name
        for name, tree in portal_files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name == "logging"
    }
    assert imports == {}


def test_every_line_is_an_event_in_our_words_with_facts_that_a_log_may_hold() -> None:
    lines = [(f"{name}:{call.lineno}", call) for name, tree in portal_files() for call in said(tree)]
    assert len(lines) >= 10
    for where, call in lines:
        (event,) = call.args
        assert isinstance(event, ast.Constant), where
        assert EVENT.fullmatch(str(event.value)), where
        assert {fact.arg for fact in call.keywords} <= {*KNOWN, "exc_info"}, where
