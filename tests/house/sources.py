"""The files that the house checks: ours, not the environment's and not what tools generate."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("portal", "tests", "tools", "bench")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def python_files() -> list[Path]:
    """List our modules."""
    return [*ROOT.glob("*.py"), *(path for room in OURS for path in sorted((ROOT / room).rglob("*.py")))]


def templates() -> list[Path]:
    """List the templates of pages and mails."""
    return [path for path in sorted((ROOT / "portal").rglob("templates/**/*")) if path.is_file()]


def pages_of_text() -> list[Path]:
    """List what people read about the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def definitions(path: Path) -> tuple[Definition, ...]:
    """Return every class and function of a module, nested ones too."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node for node in nodes if isinstance(node, Definition))


def place(path: Path, line: int | None = None) -> str:
    """Name a place as a person looks it up: path from the top, and line."""
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def lines_of(path: Path) -> int:
    """Count a file's lines."""
    return len(path.read_text(encoding="utf-8").splitlines())
