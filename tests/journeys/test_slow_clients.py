"""Clients that send slowly, too much or nonsense hold nobody else up, and are refused without an error of ours."""

from collections import Counter
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from tests.journeys import portal as running_portal
from tests.journeys.portal import Portal
from tests.servers.raw import FORM, PATIENCE_SECONDS, RawClient

SLOW_CLIENTS = 50
REQUEST_SECONDS = "2"
BODY_BYTES = 64 * 1024
HUGE = "Content-Length: 100000000000"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal that waits two seconds and takes 64 KiB."""
    folder = tmp_path_factory.mktemp("strict")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUEST_SECONDS", REQUEST_SECONDS)
        patch.setenv("MAX_BODY_BYTES", str(BODY_BYTES))
        with running_portal.running(folder, f"sqlite:///{folder / 'portal.sqlite3'}") as found:
            yield found


def status_of_search(portal: Portal) -> int:
    with urlopen(f"{portal.url}/clinics?near=99701", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        return int(answer.status)


def test_others_are_served_while_slow_headers_and_slow_bodies_come_and_the_slow_are_closed(
    strict: Portal,
) -> None:
    heads = [
        RawClient(strict.port).send("GET / HTTP/1.1", "X-Slow: a", ended=False) for _ in range(SLOW_CLIENTS)
    ]
    bodies = [
        RawClient(strict.port).send("POST /refer HTTP/1.1", FORM, "Content-Length: 1000", body=b"a")
        for _ in range(SLOW_CLIENTS)
    ]
    for _ in range(5):
        assert status_of_search(strict) == 200
        for client in heads + bodies:
            client.drip(b"a")
    assert Counter(client.status() for client in heads) == {"": SLOW_CLIENTS}
    assert Counter(client.status() for client in bodies) == {"408": SLOW_CLIENTS}


def test_a_body_that_comes_steadily_may_take_longer_than_the_first_seconds(strict: Portal) -> None:
    """It goes on as long as it keeps to the slowest speed, because a village may have no faster line."""
    client = RawClient(strict.port).send(
        "POST /api/v1/referrals HTTP/1.1", "Content-Length: 40960", "Connection: close"
    )
    for _ in range(40):
        client.drip(b" " * 1024)
        assert status_of_search(strict) == 200
    assert client.status() == "401"


@pytest.mark.parametrize("path", ["/refer", "/", "/no/such/page"])
def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(strict: Portal, path: str) -> None:
    answer = RawClient(strict.port).send(f"POST {path} HTTP/1.1", FORM, HUGE).answer()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "connection: close" in answer.lower()
    assert "<h1" in answer


def test_a_system_is_told_so_in_its_own_words(strict: Portal) -> None:
    answer = RawClient(strict.port).send("POST /api/v1/referrals HTTP/1.1", HUGE).answer()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "application/problem+json" in answer


def test_a_body_in_chunks_is_refused_as_soon_as_it_is_too_large(strict: Portal) -> None:
    client = RawClient(strict.port).send("POST /refer HTTP/1.1", FORM, "Transfer-Encoding: chunked")
    assert client.drip(b"11000\r\n" + b"a" * 0x11000 + b"\r\n").status() == "413"


def test_a_body_in_chunks_that_fits_is_read_whole(strict: Portal) -> None:
    client = RawClient(strict.port).send(
        "POST /api/v1/referrals HTTP/1.1",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        "Connection: close",
        body=b"5\r\n[1,2,\r\n2\r\n3]\r\n0\r\n\r\n",
    )
    assert client.status() == "401"


@pytest.mark.parametrize(
    ("length", "body"),
    [
        ("Content-Length: 50", b"half="),
        ("Transfer-Encoding: chunked", b"5\r\nhalf=\r\n5\r\nof"),
        ("Transfer-Encoding: chunked", b"5\r\nhalf=\r\nno length\r\n"),
    ],
)
def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(
    strict: Portal, length: str, body: bytes
) -> None:
    answer = RawClient(strict.port).send("POST /refer HTTP/1.1", FORM, length, body=body).end().answer()
    assert answer.startswith("HTTP/1.1 400 ")
    assert "connection: close" in answer.lower()


def test_a_body_with_two_lengths_cannot_carry_a_second_request(strict: Portal) -> None:
    smuggled = b"0\r\n\r\nGET /about HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    lengths = ("Transfer-Encoding: chunked", f"Content-Length: {len(smuggled)}")
    answer = RawClient(strict.port).send("POST /refer HTTP/1.1", FORM, *lengths, body=smuggled).answer()
    assert answer.startswith("HTTP/1.1 400 ")
    assert answer.count("HTTP/1.1 ") == 1


def test_what_follows_a_body_that_was_announced_too_short_is_no_request(strict: Portal) -> None:
    client = RawClient(strict.port).send("POST /refer HTTP/1.1", FORM, "Content-Length: 1", body=b"a" * 500)
    assert client.answer().count("HTTP/1.1 2") == 0


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET / HTTP/1.1", "X-Long: " + "a" * 500_000], "431"),
        (["GET / HTTP/1.1", *(f"X-{number}: a" for number in range(200))], "431"),
        (["GET /" + "a" * 500_000 + " HTTP/1.1"], "431"),
        (["POST / HTTP/1.1", "Content-Length: -1"], "400"),
        (["POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"], "400"),
        (["GET /clinics/%FF%00%zz HTTP/1.1", "Connection: close"], "404"),
        (["GET /\xff HTTP/1.1"], "400"),
        (["GET /clinics?near=%FF HTTP/1.1", "Cookie: \xff", "X-Odd: \xff", "Connection: close"], "200"),
        (["GET /clinics HTTP/1.1", "X-Long: " + "a" * 20_000, "Connection: close"], "431"),
        (["\x16\x03\x01"], "400"),
    ],
)
def test_headers_and_addresses_out_of_bounds_are_no_error_of_ours(
    strict: Portal, lines: list[str], status: str
) -> None:
    assert RawClient(strict.port).send(*lines).status() == status
