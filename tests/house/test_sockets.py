"""No test reaches anything outside this machine, so that none depends on it and none disturbs it."""

import socket

import pytest

# An address that is reserved for documentation: nobody is there.
ELSEWHERE = ("192.0.2.1", 80)


def test_nothing_outside_this_machine_is_asked() -> None:
    with pytest.raises((RuntimeError, UserWarning), match=r"allowed: .127\.0\.0\.1,::1"):
        socket.create_connection(ELSEWHERE, timeout=1)


def test_this_machine_may_be_asked() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=1) as client,
    ):
        assert client.getpeername() == server.getsockname()
