"""Key files: read whole or refused with the line, made once with mode 600, and never shown."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.config import ROOT
from portal.vault import KeyTrouble, WrappingKeys, development_keys, new_line


def held(path: Path) -> WrappingKeys:
    return WrappingKeys(path.read_text, where=f"the key file {path.name}")


def test_a_file_made_for_development_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    assert development_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert held(path).for_development
    assert [entry.name for entry in tmp_path.iterdir()] == ["portal.keys"]


def test_a_file_that_is_there_is_never_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    path.write_text(line := new_line())
    assert not development_keys(path)
    assert path.read_text() == line


def test_processes_that_start_together_agree_on_one_file(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(development_keys, [path] * 8))
    assert sum(made) == 1
    assert held(path).current


def test_a_file_cut_off_anywhere_in_a_key_is_refused_with_the_line_and_without_the_key(
    tmp_path: Path,
) -> None:
    path = tmp_path / "portal.keys"
    first, second = new_line(), new_line()
    for length in range(1, len(second) - 1):
        path.write_text(first + second[:length])
        with pytest.raises(KeyTrouble, match="line 2") as raised:
            held(path)
        assert second[9 : 9 + length] not in str(raised.value) or length < 12


@pytest.mark.parametrize("content", ["", "\n\n", "# only words\n"])
def test_a_file_without_a_key_says_how_to_make_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "portal.keys"
    path.write_text(content)
    with pytest.raises(KeyTrouble, match=r"portal\.vault"):
        held(path)


def test_one_name_for_two_keys_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    path.write_text(f"one:{new_line().partition(':')[2]}one:{new_line().partition(':')[2]}")
    with pytest.raises(KeyTrouble, match="twice"):
        held(path)


def test_bytes_that_are_no_text_and_a_missing_file_are_refused_alike(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    with pytest.raises(KeyTrouble, match="FileNotFoundError"):
        held(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyTrouble, match="UnicodeDecodeError"):
        held(path)


def test_a_new_key_is_printed_as_a_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    command = [sys.executable, "-m", "portal.vault"]
    path.write_text(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert not held(path).for_development


def test_a_key_added_at_the_end_wraps_from_then_on_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "portal.keys"
    path.write_text(new_line())
    keys = held(path)
    name, wrapped = keys.wrap(b"k" * 32, about="one")
    path.write_text(path.read_text() + new_line())
    assert keys.current != name
    assert keys.unwrap(name, wrapped, about="one") == b"k" * 32
