"""What the portal's code may not do at all: whole kinds of attack have nothing to hold on to."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, place, python_files, templates

PORTAL = [path for path in python_files() if (ROOT / "portal") in path.parents]
SCRIPTS = sorted((ROOT / "portal").rglob("static/*.js"))
RUNS_OR_REVIVES = {"ctypes", "lxml", "marshal", "pickle", "pty", "shelve", "subprocess", "xml", "yaml"}
RUNS = {"execl", "execv", "execve", "popen", "posix_spawn", "spawnl", "spawnv", "system"}
SPEAKS_OUTSIDE = {"http.client", "httpx", "requests", "smtplib", "socket", "urllib.request", "urllib3"}
PATTERN_MAKERS = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
# Under review: hours and rules, the places, readers of listings. Nothing that a visitor or a patient told.
STARTS_A_CHILD = "portal/gateways/cleaning/"
"""Reads what strangers send in a process of its own: our own program, by a fixed list of arguments."""
TAKES_FILES = ("portal/web/templates/parts/files.html", "portal/doors/uploaded.py")
NAMES_FILES = "portal/api/parts.py"
"""Tells which parts a request has, and digests them; `uploaded` takes them."""
KEPT_BETWEEN_REQUESTS = {
    "portal/domain/clock.py",
    # The names of cells, and of no patient's.
    "portal/domain/intake/table.py",
    "portal/domain/listings.py",
    "portal/doors/world.py",
    "portal/queries/codes.py",
    "portal/queries/medicines.py",
    "portal/queries/rules.py",
    # Classes of forms, by the names of their questions.
    "portal/web/forms/referral.py",
    # The digest of nobody's password, made once in each process.
    "portal/web/sign_in/proving.py",
}
# Statements of the tables' own rules, made of the code's own constants when it is loaded.
KEEPER_OF_PATTERNS = "portal/doors/scrubbing.py"
"""Puts patterns together at its import, from constants of its own."""
KEEPERS_OF_SQL = ("portal/db.py", "portal/models/")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield what a module imports, by full name, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((each.name, node.lineno) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{each.name}", node.lineno) for each in node.names)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the last part of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node


def importers(wanted: set[str], *, allowed: str = "") -> list[str]:
    """List the lines that import one of these modules, or a part of it, outside an allowed room."""
    return [
        place(path, line)
        for path in PORTAL
        if not allowed or not place(path).startswith(allowed)
        for name, line in imports(path)
        if any(name == each or name.startswith(f"{each}.") for each in wanted)
    ]


def callers(wanted: set[str]) -> list[tuple[str, ast.Call]]:
    """List the calls of these names with their places."""
    return [
        (place(path, call.lineno), call) for path in PORTAL for name, call in calls(path) if name in wanted
    ]


def of_module(call: ast.Call, module: str) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == module


def is_constant(node: ast.expr) -> bool:
    """Tell whether an expression is a text of the code, or one of several."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp(body=one, orelse=other):
            return is_constant(one) and is_constant(other)
        case (
            ast.Name(id=name)
            | ast.Attribute(attr=name)
            | ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name))
        ):
            return name.isupper()
    return False


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    return [
        place(path, number)
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line, re.IGNORECASE)
    ]


def test_the_portal_imports_nothing_that_runs_programs_or_revives_objects() -> None:
    assert importers(RUNS_OR_REVIVES - {"subprocess"}) == []
    assert importers({"subprocess"}, allowed=STARTS_A_CHILD) == []
    assert [where for where, call in callers(RUNS) if of_module(call, "os")] == []


def test_nothing_is_evaluated() -> None:
    found = callers({"eval", "exec", "compile", "__import__"})
    assert [where for where, call in found if isinstance(call.func, ast.Name)] == []


def test_no_statement_is_put_together_from_text() -> None:
    made = callers({"text", "exec_driver_sql", "literal_column"})
    asked = [(where, call) for where, call in made if not where.startswith(KEEPERS_OF_SQL)]
    assert [where for where, call in asked if of_module(call, "sa") and not is_constant(call.args[0])] == []
    raw = [
        (where, call) for where, call in callers({"exec_driver_sql", "execute", "executemany"}) if call.args
    ]
    assert [
        where
        for where, call in raw
        if not where.startswith(KEEPERS_OF_SQL) and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ] == []


def test_every_pattern_is_a_constant() -> None:
    made = [(where, call) for where, call in callers(PATTERN_MAKERS) if of_module(call, "re")]
    assert made
    asked = [(where, call) for where, call in made if not where.startswith(KEEPER_OF_PATTERNS)]
    assert [where for where, call in asked if not is_constant(call.args[0])] == []


def test_no_template_is_made_from_a_string() -> None:
    assert callers({"from_string", "render_template_string", "Template"}) == []


def test_the_portal_speaks_to_the_outside_in_its_gateways_only() -> None:
    assert importers(SPEAKS_OUTSIDE, allowed="portal/gateways/") == []
    assert importers(SPEAKS_OUTSIDE) != []


def test_cryptography_stays_in_the_vault() -> None:
    assert importers({"cryptography", "hmac"}, allowed="portal/vault/") == []


def test_no_weak_hash_is_used() -> None:
    assert importers({"hashlib.md5", "hashlib.sha1", "hashlib.new"}) == []
    assert [where for where, call in callers({"md5", "sha1", "new"}) if of_module(call, "hashlib")] == []


def test_chance_that_must_not_be_guessed_comes_from_the_system() -> None:
    allowed = {"random", "random.SystemRandom", "random.Random"}
    drawn = [(place(path), name) for path in PORTAL for name, _ in imports(path) if name.startswith("random")]
    assert {name for _, name in drawn} <= allowed
    # The domain is handed its source of chance, and only names its kind.
    handed = {"portal/domain/reference.py", "portal/domain/second_factors.py"}
    assert {where for where, name in drawn if name == "random.Random"} <= handed


def test_scripts_write_text_and_never_markup() -> None:
    assert SCRIPTS
    assert (
        lines_with(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function", SCRIPTS)
        == []
    )


def test_scripts_store_nothing() -> None:
    assert lines_with(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.", SCRIPTS) == []


def test_files_are_taken_in_one_place_that_cleans_them() -> None:
    named = {where.partition(":")[0] for where in lines_with(r"type=.file|multipart/form-data", templates())}
    assert named == {TAKES_FILES[0]}
    found = {where.partition(":")[0] for where in lines_with(r"FileField|request\.files", PORTAL)}
    assert found == {TAKES_FILES[1], NAMES_FILES}


def test_no_page_carries_a_script_or_a_style_of_its_own() -> None:
    assert lines_with(r"<style|\sstyle=|\son[a-z]+=|javascript:", templates()) == []
    assert lines_with(r"<script(?![^>]*\ssrc=)", templates()) == []


def test_no_template_switches_escaping_off() -> None:
    assert lines_with(r"\|\s*safe\b|autoescape\s+false", templates()) == []


def test_nothing_is_debugged_or_reloaded_in_what_the_server_runs() -> None:
    started = [*PORTAL, ROOT / "wsgi.py", ROOT / "tools" / "start.py"]
    assert lines_with(r"\bdebug\s*=\s*True|--reload|\bapp\.run\(|DebuggedApplication", started) == []


def test_what_is_kept_in_memory_between_requests_is_under_review() -> None:
    wanted = {"functools.cache", "functools.lru_cache", "functools.cached_property", "cachetools"}
    assert {where.partition(":")[0] for where in importers(wanted)} == KEPT_BETWEEN_REQUESTS
