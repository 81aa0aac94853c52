"""The worker seals what is new by itself, keeps the head outside the database, and does not stop for a while away."""

import logging
import stat
import time
from pathlib import Path
from threading import Event as Flag

import pytest
from flask import Flask

from portal.gateways import heads
from portal.vault import KeyTrouble
from portal.worker import sealing
from portal.worker.sealing import Sealer
from tests import trail
from tests.trail import troubles

PATIENCE_SECONDS = 60


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heads"


def numbers(path: Path) -> list[int]:
    return [head.number for head in heads.read(path)]


def test_a_turn_seals_and_keeps_the_head(app: Flask, path: Path) -> None:
    sealer = Sealer(path)
    trail.write(3)
    assert [sealer.turn(), sealer.turn()] == [3, 0]
    (head,) = heads.read(path)
    last = trail.sealed()[-1]
    assert (head.number, head.digest, head.at) == (last.number, last.digest, last.sealed_at)
    assert troubles(path) == []


def test_the_file_of_heads_is_for_its_owner_alone(app: Flask, path: Path) -> None:
    trail.write()
    Sealer(path).turn()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_head_that_a_crash_kept_from_the_file_is_kept_by_the_next_worker(app: Flask, path: Path) -> None:
    trail.write(2)
    trail.seal()
    assert Sealer(path).turn() == 0
    assert numbers(path) == [2]


def test_a_worker_that_starts_again_keeps_no_head_twice(app: Flask, path: Path) -> None:
    trail.write(2)
    for _ in range(2):
        Sealer(path).turn()
    assert numbers(path) == [2]


def test_a_line_that_a_power_cut_broke_off_costs_only_itself(app: Flask, path: Path) -> None:
    trail.write()
    sealer = Sealer(path)
    sealer.turn()
    whole = path.read_text()
    path.write_text(whole + "2 abcd")
    trail.write()
    sealer.turn()
    assert numbers(path) == [1, 2]


def test_the_head_is_said_at_most_once_a_minute(
    app: Flask, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="portal.audit")
    sealer = Sealer(path)
    for _ in range(3):
        trail.write()
        sealer.turn()
    assert len([record for record in caplog.records if record.name == "portal.audit"]) == 1


def test_it_runs_beside_the_mail_until_it_is_told_to_stop(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.01)
    stop = Flag()
    thread = sealing.start(app, stop)
    try:
        for count in (1, 2):
            trail.write()
            deadline = time.monotonic() + PATIENCE_SECONDS
            while len(trail.sealed()) < count and time.monotonic() < deadline:
                stop.wait(0.01)
            assert len(trail.sealed()) == count
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_a_disk_that_is_full_does_not_end_it(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BROKEN_SECONDS", 0.01)
    folder = tmp_path / "away"
    sealer = Sealer(folder / "heads")
    trail.write()
    assert sealing.turn(sealer) == sealing.BROKEN_SECONDS
    folder.mkdir()
    assert sealing.turn(sealer) == sealing.PAUSE_SECONDS
    assert numbers(folder / "heads") == [1]


def test_a_worker_that_cannot_seal_at_all_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(_sealer: Sealer) -> float:
        raise KeyTrouble

    monkeypatch.setattr(sealing, "turn", break_off)
    stop = Flag()
    sealing.start(app, stop).join(PATIENCE_SECONDS)
    assert stop.is_set()
