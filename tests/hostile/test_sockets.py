"""The whole application behind its own server on the loopback, sent raw bytes (e2, e7, e10).

Framing alone is tests/hostile/test_framing.py; here it is what the two of them do together.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import cast

import pytest

from holdfast.web.protocol import Limits
from tests.hostile.corpus import MB, SIZES
from tests.hostile.siege import HOST, KEYS, Siege
from tests.hostile.test_addresses import INSIDE, POISON
from tests.support.live_edge import EchoApp, LiveEdge, status

DEADLINES = Limits(head_s=10.0, body_s=10.0, keep_alive_s=10.0, linger_s=5.0, drain_s=2.0)
GENERIC = f"/in/{KEYS['generic']}"


@pytest.fixture(scope="module")
def edge(besieged: Siege) -> Iterator[LiveEdge]:
    live = LiveEdge(cast(EchoApp, besieged.app), DEADLINES)
    live.start()
    yield live
    live.ask_to_stop()
    assert live.wait_for_end(DEADLINES.drain_s + 10)


@pytest.fixture(autouse=True)
def healthy(edge: LiveEdge) -> Iterator[None]:
    yield
    assert status(ask(edge, "GET", "/healthz")) == 200


def ask(edge: LiveEdge, method: str, target: str, headers: bytes = b"", body: bytes = b"") -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n".encode()
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return edge.ask(head + headers + length + b"\r\n" + body)


RAW_PATHS = (
    "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/..%5c..%5cetc%5cpasswd",
    "//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/%00", "/static/app.js%00.css", "/%",
    "/%zz", "/%ff",
    "/..;/", f"http://{POISON}/sign-in", f"https://{POISON}:80/../etc/passwd",
    f"//{POISON}/sign-in", "*",
    "/in/%00", "/in/%ff%fe", "/p/%e2%80%ae", "/sign-in?next=//evil.test", "/?%00=%ff&&&=",
    "/alerts#x",
    "/" + "a/" * 3_000, "/" + "%41" * 2_000,
)  # fmt: skip


@pytest.mark.parametrize("target", RAW_PATHS)
def test_a_raw_path_is_answered_and_leads_nowhere_else(edge: LiveEdge, target: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "PATCH", "BREW"):
        received = ask(edge, method, target)
        got = status(received)
        assert got is not None, (method, target)
        assert got < 500 or got == 501, (method, target, received[:200])
        assert POISON.encode() not in received, (method, target)
        assert not any(text.encode() in received for text in INSIDE)
        assert received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("name", ["600 KB", "the limit", "10 MB", "a bomb of 50 MB in 50 KB"])
def test_a_large_alert_is_taken_from_a_socket_too(edge: LiveEdge, name: str) -> None:
    body = SIZES[name]
    packed = b"Content-Encoding: gzip\r\n" if body.encoding else b""
    received = ask(edge, "POST", GENERIC, packed, body.sent)
    assert status(received) == 202
    assert json.loads(received.partition(b"\r\n\r\n")[2]) == {"status": "accepted", "signals": 1}


def test_a_gigabyte_that_is_announced_is_not_waited_for_by_the_api(edge: LiveEdge) -> None:
    head = b"Content-Length: 1073741824\r\nContent-Type: application/json\r\n"
    for target in ("/api/v1/alerts", "/sign-in", "/p/x"):
        received = ask(edge, "POST", target, head)
        assert status(received) in (401, 403, 413), target


@pytest.mark.parametrize(
    "headers",
    [
        b"Authorization: Bearer " + b"a" * 10 * MB + b"\r\n",
        b"Cookie: " + b"c=d; " * 300 + b"\r\n",
        b"Cookie: c=d\r\n" * 300,
        b"Authorization: Bearer a\r\n" * 90,
        b"Authorization: Bearer \xff\xfe\x80\r\n",
        b"Cookie: holdfast=\xff\xfe\r\nX-Forwarded-For: \xff\r\n",
        b"X-Forwarded-For: 127.0.0.1\r\n",
        b"Accept: \xff/*;q=\x80\r\nAccept-Encoding: \xff\r\nUser-Agent: \xf0\r\n",
    ],
    ids=range(8),
)
def test_odd_headers_open_nothing(edge: LiveEdge, headers: bytes) -> None:
    for target in ("/api/v1/alerts", "/alerts"):
        received = ask(edge, "GET", target, headers)
        # A reset may overtake the refusal where the client is still sending.
        assert status(received) in (303, 400, 401, 431, None), (target, received[:200])


def test_who_hangs_up_in_the_middle_of_an_alert_was_promised_nothing(
    edge: LiveEdge, besieged: Siege
) -> None:
    before = besieged.letters_count()
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", edge.port)) as connection:
            head = f"POST {GENERIC} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 900\r\n\r\n"
            connection.sendall(head.encode() + b'{"title": "half of it')
    assert status(ask(edge, "GET", "/readyz")) in (200, 503)
    assert besieged.letters_count() == before
