"""Files, functions and templates stay small enough to be read in one go."""

import ast

import pytest

from tests.house.sources import (
    OURS,
    ROOT,
    Function,
    definitions,
    lines_of,
    place,
    python_files,
    templates,
)

FUNCTION_LINES = 40
BRANCHES = 6
PARAMETERS = 6
TEMPLATE_LINES = 100
FILE_LINES = {"tests": 300}
FILE_LINES_ELSEWHERE = 250

BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


def branches(function: Function) -> int:
    return sum(isinstance(node, BRANCHING) for node in ast.walk(function))


def parameters(function: Function) -> int:
    """Count what a caller gives: the object that a method belongs to is not counted."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([argument for argument in every if argument.arg not in {"self", "cls"}])


def functions() -> list[tuple[str, Function]]:
    return [
        (f"{place(path, node.lineno)} {node.name}", node)
        for path in python_files()
        for node in definitions(path)
        if isinstance(node, Function)
    ]


@pytest.mark.parametrize("room", OURS)
def test_every_room_has_files_to_measure(room: str) -> None:
    assert any(path.is_relative_to(ROOT / room) for path in python_files())


def test_no_file_is_long() -> None:
    sizes = {place(path): lines_of(path) for path in python_files()}
    allowed = {name: FILE_LINES.get(name.split("/")[0], FILE_LINES_ELSEWHERE) for name in sizes}
    assert {name: size for name, size in sizes.items() if size > allowed[name]} == {}


def test_no_template_is_long() -> None:
    sizes = {place(path): lines_of(path) for path in templates()}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > TEMPLATE_LINES} == {}


def test_no_function_is_long() -> None:
    sizes = {name: (node.end_lineno or 0) - node.lineno + 1 for name, node in functions()}
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}


def test_no_function_has_many_branches() -> None:
    counts = {name: branches(node) for name, node in functions()}
    assert {name: count for name, count in counts.items() if count > BRANCHES} == {}


def test_no_function_has_many_parameters() -> None:
    counts = {name: parameters(node) for name, node in functions()}
    assert {name: count for name, count in counts.items() if count > PARAMETERS} == {}
