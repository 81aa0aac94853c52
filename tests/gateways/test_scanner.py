"""The scanner is asked as clamd is, and only its plain OK lets a file pass."""

from pathlib import Path

import pytest

from portal.gateways.scanner import Away, scanner
from tests.servers import clamd
from tests.servers.loopback import LOOPBACK, free_port

LARGE = bytes(range(256)) * 4096


def test_without_an_address_nothing_is_scanned() -> None:
    assert scanner("") is None


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="tcp://"):
        scanner("http://127.0.0.1:3310")


@pytest.mark.parametrize("by_socket", [True, False])
def test_a_file_comes_whole_and_is_judged(tmp_path: Path, by_socket: bool) -> None:
    with clamd.running(tmp_path if by_socket else None) as server:
        scan = scanner(server.url)
        assert scan is not None
        assert scan(LARGE)
        assert not scan(LARGE + clamd.HARMFUL)
        assert scan(b"")
        assert server.seen == [LARGE, LARGE + clamd.HARMFUL, b""]


@pytest.mark.parametrize(
    "answer", [b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK FOUND ERROR\0", b"OK\0", b"x" * 9999]
)  # fmt: skip
def test_anything_but_a_plain_answer_passes_nothing(answer: bytes) -> None:
    with clamd.running() as server:
        server.answer = answer
        scan = scanner(server.url)
        assert scan is not None
        with pytest.raises(Away, match="did not look"):
            scan(b"content")


def test_a_scanner_that_is_away_passes_nothing() -> None:
    scan = scanner(f"tcp://{LOOPBACK}:{free_port()}")
    assert scan is not None
    with pytest.raises(Away, match="did not answer"):
        scan(b"content")
