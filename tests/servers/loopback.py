"""Where test servers listen: on this machine only, each at a port of its own."""

import random
import socket

LOOPBACK = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever connects: nobody comes by one between its choice and its use."""


def free_port() -> int:
    """Return a loopback port that nobody listens at, drawn at random because others draw at the same time."""
    for port in random.sample(PORTS, 100):
        try:
            socket.create_server((LOOPBACK, port)).close()
        except OSError:
            continue
        return port
    raise LookupError(f"none of a hundred ports is free between {PORTS.start} and {PORTS.stop}")
