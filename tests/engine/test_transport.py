"""The only way out, against peers that behave badly: real sockets on the loopback."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.engine.breaker import CircuitState
from holdfast.engine.egress import EgressRules
from holdfast.engine.transport import Transport, redact_url
from holdfast.engine.transport_dial import Resolve
from holdfast.engine.transport_http import ANSWER_BYTES_MAX, Deadlines
from holdfast.kernel.clock import SteppedClock, SystemClock
from holdfast.sdk.call import HttpCall, Reply
from tests.support.fake_peer import (
    Behaviour,
    answers,
    certificate,
    fake_peer,
    over_tls,
    read_request,
    reset,
    says,
)

QUICK = Deadlines(connect_s=0.7, total_s=0.8)
LOCAL = EgressRules(loopback=True)
SECRET = "s3cr3t-canary"


@pytest.fixture
def transport() -> Iterator[Transport]:
    local = Transport(LOCAL, SystemClock(), deadlines=QUICK)
    yield local
    local.close()


def post(url: str, body: object = None) -> HttpCall:
    return HttpCall("POST", url, json={"kind": "page"} if body is None else body)


def through(transport: Transport, behave: Behaviour) -> Reply:
    with fake_peer(behave) as peer:
        return transport(post(peer.url(f"/hook/{SECRET}?token={SECRET}")))


def knows(addresses: dict[str, Sequence[str]]) -> Resolve:
    return lambda host: addresses.get(host, [])


def test_what_is_asked_is_what_is_sent(transport: Transport) -> None:
    seen: list[bytes] = []
    with fake_peer(answers(says("200 OK", b'{"ok":true}', "X-A: 1\r\nX-A: 2\r\n"), seen)) as peer:
        call = HttpCall(
            "post",
            f"http://ana:pa%20ss@127.0.0.1:{peer.port}/in?x=1#frag",
            json={"title": "Überlauf"},
            headers={"X-Title": "disk\r\nX-Evil: full", "Host": "evil", "Content-Length": "1"},
        )
        reply = transport(call)
    head, _, body = seen[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /in?x=1 HTTP/1.1"
    assert f"Host: 127.0.0.1:{peer.port}".encode() in lines
    assert b"X-Title: disk  X-Evil: full" in lines
    assert b"Authorization: Basic YW5hOnBhIHNz" in lines
    assert b"Content-Type: application/json" in lines
    assert not any(line.lower().startswith((b"cookie", b"x-evil")) for line in lines)
    assert json.loads(body) == {"title": "Überlauf"}
    assert (reply.status, reply.json(), reply.headers["x-a"]) == (200, {"ok": True}, "1, 2")


@pytest.mark.parametrize("code", [200, 202, 204, 400, 404, 410, 429, 500, 503])
def test_an_answer_is_an_answer_whatever_its_status(transport: Transport, code: int) -> None:
    reply = through(transport, answers(says(f"{code} X", headers="Retry-After: 7\r\n")))
    assert (reply.status, reply.error, reply.headers["retry-after"]) == (code, None, "7")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(transport: Transport, code: int) -> None:
    with fake_peer(answers(says("200 OK"))) as inner:
        moved = says(f"{code} Moved", headers=f"Location: {inner.url()}\r\n")
        assert through(transport, answers(moved)).status == code
        assert inner.accepted_count == 0


def test_proxies_of_the_environment_and_cookies_are_ignored(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    with fake_peer(answers(says("200 OK"))) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        with fake_peer(answers(says("200 OK", headers="Set-Cookie: a=b\r\n"), seen)) as peer:
            for _ in range(2):
                assert transport(post(peer.url())).status == 200
        assert proxy.accepted_count == 0
    assert b"cookie" not in b"".join(seen).lower()


def never_answers(connection: socket.socket) -> None:
    read_request(connection)
    time.sleep(5)


def drips_its_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-A: b\r\n")
        time.sleep(0.02)


def drips_provisional_answers(connection: socket.socket) -> None:
    read_request(connection)
    while True:
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.02)


def floods_its_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-A: " + b"b" * 60000 + b"\r\n")


def resets_after_accepting(connection: socket.socket) -> None:
    connection.recv(10)
    reset(connection)


def closes_after_the_request(connection: socket.socket) -> None:
    read_request(connection)


def speaks_something_else(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(f"220 {SECRET} ESMTP\r\n".encode() * 20)


@pytest.mark.parametrize(
    "behave",
    [
        never_answers,
        drips_its_head,
        drips_provisional_answers,
        floods_its_head,
        resets_after_accepting,
        closes_after_the_request,
        speaks_something_else,
    ],
)
def test_a_peer_that_gives_no_answer_costs_its_deadline_and_the_outcome_is_unknown(
    transport: Transport, behave: Behaviour
) -> None:
    started = time.monotonic()
    reply = through(transport, behave)
    assert time.monotonic() - started < 2
    assert reply.status == 0
    assert reply.unknown, "it may have read the request"
    assert "127.0.0.1" in str(reply.error)
    assert SECRET not in str(reply.error)


def test_a_port_where_nobody_listens_was_certainly_not_reached(transport: Transport) -> None:
    with fake_peer(answers(says("200 OK"))) as peer:
        url = peer.url()
    reply = transport(post(url))
    assert (reply.status, reply.unknown) == (0, False)
    assert str(reply.error).endswith("connection refused")


def drips_its_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def never_ends_its_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")


def breaks_its_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    time.sleep(0.05)
    reset(connection)


@pytest.mark.parametrize("behave", [drips_its_body, never_ends_its_body, breaks_its_body])
def test_the_status_counts_and_a_body_without_end_is_cut(
    transport: Transport, behave: Behaviour
) -> None:
    started = time.monotonic()
    reply = through(transport, behave)
    assert time.monotonic() - started < 2
    assert (reply.status, reply.error) == (200, None)
    assert 0 < len(reply.body) <= ANSWER_BYTES_MAX


def test_a_compressed_bomb_is_unpacked_no_further_than_the_limit(transport: Transport) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < ANSWER_BYTES_MAX
    reply = through(transport, answers(says("200 OK", bomb, "Content-Encoding: gzip\r\n")))
    assert reply.status == 200
    assert len(reply.body) == ANSWER_BYTES_MAX


def test_a_compressed_answer_is_readable_and_a_falsely_labelled_one_is_left_alone(
    transport: Transport,
) -> None:
    packed = gzip.compress(b'{"ok": true}')
    gzipped = through(transport, answers(says("200 OK", packed, "Content-Encoding: gzip\r\n")))
    assert gzipped.json() == {"ok": True}
    plain = says("200 OK", b'{"ok": true}', "Content-Encoding: gzip\r\n")
    assert through(transport, answers(plain)).json() == {"ok": True}


def test_a_connection_is_used_again_for_the_same_place(transport: Transport) -> None:
    with fake_peer(answers(says("200 OK"))) as peer:
        for _ in range(5):
            assert transport(post(peer.url())).status == 200
        assert peer.accepted_count == 1


def test_a_kept_connection_that_its_peer_closed_is_not_used_again(transport: Transport) -> None:
    def one_answer(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(says("200 OK"))

    with fake_peer(one_answer) as peer:
        for _ in range(3):
            assert transport(post(peer.url())).status == 200
            time.sleep(0.05)
        assert peer.accepted_count == 3


def test_a_certificate_that_nobody_signed_is_refused_before_anything_is_sent(
    transport: Transport, tmp_path: Path
) -> None:
    files = certificate(tmp_path, "localhost")
    seen: list[bytes] = []
    with fake_peer(over_tls(answers(says("200 OK"), seen), *files)) as peer:
        reply = transport(post(f"https://localhost:{peer.port}/{SECRET}"))
    assert (reply.status, reply.unknown, seen) == (0, False, [])
    assert "its certificate is not valid" in str(reply.error)
    assert SECRET not in str(reply.error)


def test_a_trusted_certificate_is_checked_against_the_name_and_not_the_address(
    tmp_path: Path,
) -> None:
    files = certificate(tmp_path, "hook.test")
    trust = ssl.create_default_context(cafile=files[0])
    names = knows({"hook.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    local = Transport(LOCAL, SystemClock(), deadlines=QUICK, resolve=names, tls=trust)
    with fake_peer(over_tls(answers(says("200 OK")), *files)) as peer:
        for _ in range(2):
            assert local(post(f"https://hook.test:{peer.port}/")).status == 200
        assert peer.accepted_count == 1
        other = local(post(f"https://other.test:{peer.port}/"))
        assert "its certificate is not valid" in str(other.error)


def test_a_peer_that_never_finishes_its_tls_greeting_costs_its_deadline() -> None:
    local = Transport(LOCAL, SystemClock(), deadlines=QUICK)
    with fake_peer(lambda _: time.sleep(5)) as peer:
        started = time.monotonic()
        reply = local(post(f"https://127.0.0.1:{peer.port}/"))
    assert time.monotonic() - started < 2
    assert (reply.status, reply.unknown) == (0, False)


@pytest.mark.ledger("S1-83")
def test_a_dead_host_is_not_called_again_and_the_person_does_not_wait_for_it() -> None:
    clock = SteppedClock(datetime(2026, 11, 20, tzinfo=UTC))
    local = Transport(LOCAL, clock, deadlines=QUICK)
    with fake_peer(resets_after_accepting) as peer:
        for _ in range(3):
            assert local(post(peer.url())).unknown
        refused = local(post(peer.url("/another")))
        assert peer.accepted_count == 3
        assert str(refused.error).startswith(f"circuit open: 127.0.0.1:{peer.port}")
        assert not refused.unknown
        assert local.states()[f"127.0.0.1:{peer.port}"].state is CircuitState.OPEN


def test_error_pages_never_open_a_circuit(transport: Transport) -> None:
    with fake_peer(answers(says("500 Internal Server Error"))) as peer:
        assert [transport(post(peer.url())).status for _ in range(10)] == [500] * 10
    assert transport.states() == {}


def test_a_method_or_header_that_is_none_is_our_own_fault_and_not_the_hosts(
    transport: Transport,
) -> None:
    with fake_peer(answers(says("200 OK"))) as peer:
        for _ in range(4):
            assert transport(HttpCall("GET /x", peer.url())).status == 0
            assert transport(HttpCall("GET", peer.url(), headers={"a b": "c"})).status == 0
        assert transport(HttpCall("GET", peer.url())).status == 200


def test_sixteen_threads_share_one_transport(transport: Transport) -> None:
    seen: list[bytes] = []
    with fake_peer(answers(says("200 OK", b"ok"), seen)) as peer, ThreadPoolExecutor(16) as threads:
        calls = [post(peer.url(), {"number": number}) for number in range(400)]
        replies = list(threads.map(transport, calls))
        assert peer.accepted_count <= 16
    assert {reply.status for reply in replies} == {200}
    assert sorted(json.loads(one.rpartition(b"\r\n\r\n")[2])["number"] for one in seen) == list(
        range(400)
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ana:pw@example.com:8443/a/b?token=x#y", "https://example.com:8443/a/…"),
        ("https://hooks.slack.com/services/T0/B0/XyZ", "https://hooks.slack.com/services/T0/B0/…"),
        (
            "https://api.telegram.org/bot123:AAbb/sendMessage",
            "https://api.telegram.org/…/…",
        ),
        ("https://x.test/0123456789abcdef0123/messages", "https://x.test/…/…"),
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com/"),
        ("http://[::1]:9911/ana", "http://[::1]:9911/…"),
        ("not a url", "…"),
        ("http://[::1", "…"),
        ("https://example.com/a\x1b[31m/b", "https://example.com/a…[31m/…"),
    ],
)
def test_a_shown_address_holds_no_secret(url: str, shown: str) -> None:
    assert redact_url(url) == shown
