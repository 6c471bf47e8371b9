"""What the edge does with bytes that are no honest request (promises e1): table-driven."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator

import pytest

from holdfast.web.protocol import Limits
from tests.support.live_edge import LiveEdge, live_edge, seconds_until_closed, status

DEADLINES = Limits(head_s=0.5, body_s=0.6, keep_alive_s=0.6, linger_s=0.4, drain_s=1.0)
POST = b"POST /in/key HTTP/1.1\r\nHost: h\r\n"
HONEST = POST + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
CLIENT_HELLO = bytes.fromhex("16030100c4010000c00303") + b"\xa5" * 190


@pytest.fixture(scope="module")
def edge() -> Iterator[LiveEdge]:
    with live_edge(DEADLINES) as live:
        yield live


@pytest.fixture(autouse=True)
def healthy(edge: LiveEdge) -> Iterator[None]:
    """Whatever was sent: the next honest request is answered at once."""
    yield
    started = time.monotonic()
    assert status(edge.ask(HONEST)) == 200
    assert time.monotonic() - started < 1


MALFORMED: dict[str, bytes] = {
    "length and chunks": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "two equal lengths": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "negative length": POST + b"Content-Length: -5\r\n\r\nhello",
    "signed length": POST + b"Content-Length: +5\r\n\r\nhello",
    "hexadecimal length": POST + b"Content-Length: 0x5\r\n\r\nhello",
    "length with underscore": POST + b"Content-Length: 1_0\r\n\r\nhellohello",
    "empty length": POST + b"Content-Length:\r\n\r\nhello",
    "length past 64 bits": POST + b"Content-Length: 99999999999999999999\r\n\r\nhello",
    "length of petabytes": POST + b"Content-Length: 9999999999999999\r\n\r\nhello",
    "chunk size past 64 bits": CHUNKED + b"fffffffffffffffff\r\nhello",
    "negative chunk size": CHUNKED + b"-1\r\nhello",
    "chunk size with sign": CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n",
    "chunk shorter than said": CHUNKED + b"2\r\nhello\r\n0\r\n\r\n",
    "chunks by bare line feeds": CHUNKED + b"2\nhi\n0\n\n",
    "two encodings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
    "another encoding first": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "almost chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: h\n\n",
    "one bare line feed": b"GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
    "bare carriage returns": b"GET / HTTP/1.1\rHost: h\r\r",
    "NUL in a header": POST + b"X: a\0b\r\n\r\n",
    "NUL in the URL": b"GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n",
    "a folded header": POST + b"X: a\r\n b\r\n\r\n",
    "space before the colon": b"GET / HTTP/1.1\r\nHost : h\r\n\r\n",
    "two hosts": POST + b"Host: other\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: h\r\n\r\n",
    "an unknown version": b"GET / HTTP/1.2\r\nHost: h\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS to the plain port": CLIENT_HELLO,
    "SMTP": b"EHLO example.org\r\n",
    "noise": bytes(range(256)) * 20,
}
TOO_LARGE: dict[str, tuple[bytes, int]] = {
    "a header of 64 KB": (POST + b"X: " + b"a" * 65536 + b"\r\n\r\n", 431),
    "a header that never ends": (POST + b"X: " + b"a" * 200_000, 431),
    "2,000 headers": (POST + b"".join(b"X-%d: a\r\n" % n for n in range(2000)) + b"\r\n", 431),
    "101 headers": (POST + b"".join(b"X-%d: a\r\n" % n for n in range(100)) + b"\r\n", 431),
    "a URL of 70 KB": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414),
    "a URL of 9 KB": (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414),
    "a chunk extension of 1 MB": (CHUNKED + b"2;" + b"e" * 1_000_000 + b"\r\nhi\r\n", 400),
    "trailers of 1 MB": (CHUNKED + b"0\r\nX: " + b"t" * 1_000_000 + b"\r\n\r\n", 400),
}
NOT_SENT: dict[str, tuple[bytes, bytes, int | None]] = {
    "nothing at all": (b"", b"", None),
    "half a head": (b"POST / HTTP/1.1\r\nHost: h\r\n", b"", 408),
    "a dripping head": (b"POST / HTTP/1.1\r\nHost: h\r\n", b"X: y\r\n", 408),
    "HTTP/0.9": (b"GET /\r\n", b"", 408),
    "a body announced and never sent": (POST + b"Content-Length: 10\r\n\r\n", b"", 408),
    "a dripping body": (POST + b"Content-Length: 1000000\r\n\r\n", b"x", 408),
    "dripping chunks": (CHUNKED, b"1\r\nx\r\n", 408),
    "no last chunk": (CHUNKED + b"2\r\nhi\r\n", b"", 408),
    "permission asked and not used": (
        POST + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n", b"", 408
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_framing_is_refused_and_the_connection_ends(edge: LiveEdge, name: str) -> None:
    asked = len(edge.app.asked)
    with edge.connect() as connection:
        connection.sendall(MALFORMED[name])
        waited, received = seconds_until_closed(connection)
    assert status(received) == 400
    assert received.count(b"HTTP/1.1 ") == 1
    assert b"Traceback" not in received
    assert waited < 0.4, "refused at once, not by a deadline"
    # Where only the body is bad, the application has begun to read; it never sees a second one.
    assert len(edge.app.asked) - asked <= 1


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_is_refused_before_it_is_kept(edge: LiveEdge, name: str) -> None:
    raw, expected = TOO_LARGE[name]
    received = edge.ask(raw)
    # A reset may overtake the refusal where the client is still sending.
    assert status(received) in (expected, None)
    assert b" 200 " not in received


@pytest.mark.parametrize("name", NOT_SENT)
def test_what_does_not_arrive_is_not_awaited_for_ever(edge: LiveEdge, name: str) -> None:
    first, drip, expected = NOT_SENT[name]
    with edge.connect() as connection:
        connection.sendall(first)
        connection.settimeout(0.05)
        started, received = time.monotonic(), b""
        while time.monotonic() - started < 4:
            try:
                if drip:
                    connection.sendall(drip)
                if not (chunk := connection.recv(4096)):
                    break
                received += chunk
            except TimeoutError:
                continue
            except ConnectionError:
                break
        waited = time.monotonic() - started
    assert 0.4 < waited < 2
    final = received.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    # A drip that crosses the refusal makes the kernel reset the connection.
    assert status(final) == expected or (drip and not final)


def test_headers_behind_the_body_never_reach_the_application(edge: LiveEdge) -> None:
    raw = CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    received = edge.ask(raw + b"2\r\nhi\r\n0\r\nAuthorization: Bearer forged\r\n\r\n")
    assert status(received) == 200
    assert b"forged" not in received


def test_a_head_at_its_limits_is_taken(edge: LiveEdge) -> None:
    headers = b"".join(b"X-%d: %s\r\n" % (n, b"v" * 200) for n in range(97))
    raw = b"GET /" + b"a" * 8000 + b" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers
    assert status(edge.ask(raw + b"\r\n")) == 200


def test_a_reset_in_the_middle_of_a_body_ends_only_that_request(edge: LiveEdge) -> None:
    connection = edge.connect()
    connection.sendall(POST + b"Content-Length: 1000\r\n\r\nhalf of it")
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    deadline = time.monotonic() + 1
    while len(edge.app.ended) < len(edge.app.asked) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(edge.app.ended) == len(edge.app.asked)


def test_a_body_larger_than_its_length_is_a_second_request_and_a_bad_one(edge: LiveEdge) -> None:
    received = edge.ask(POST + b"Content-Length: 2\r\n\r\n{}SMUGGLED\r\n\r\n")
    assert received.count(b"HTTP/1.1 200 OK") == 1
    assert received.count(b"HTTP/1.1 ") == 1
