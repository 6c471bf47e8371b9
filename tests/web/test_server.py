"""The edge on real sockets: two ways in, caps, deadlines between requests, and the drain."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from holdfast.web.protocol import GuardedProtocol, Limits, Lobby
from holdfast.web.server import Edge, SocketPathTooLong, run
from tests.support.live_edge import (
    EchoApp,
    LiveEdge,
    live_edge,
    read_answer,
    read_to_end,
    seconds_until_closed,
    status,
)

QUICK = Limits(
    head_s=0.4, body_s=0.5, keep_alive_s=0.4, write_stalled_s=0.4, linger_s=0.4, drain_s=1.0
)
GET = b"GET /hello HTTP/1.1\r\nHost: holdfast\r\n\r\n"
LAST = b"GET /hello HTTP/1.1\r\nHost: holdfast\r\nConnection: close\r\n\r\n"


@pytest.fixture
def edge() -> Iterator[LiveEdge]:
    with live_edge(QUICK) as live:
        yield live


def said(answer: bytes) -> dict[str, object]:
    value: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return value


def test_it_says_where_it_listens_and_answers_there_at_once(edge: LiveEdge) -> None:
    assert edge.addresses == [f"http://127.0.0.1:{edge.port}"]
    answer = edge.ask(LAST)
    assert status(answer) == 200
    assert b"\r\ndate: " in answer
    assert b"server:" not in answer.lower()


def test_only_requests_by_the_unix_socket_come_from_the_local_operator(tmp_path: Path) -> None:
    path = tmp_path / "holdfast.sock"
    path.write_text("what a dead server left behind")
    with live_edge(QUICK, path) as live:
        assert live.addresses[1] == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with socket.socket(socket.AF_UNIX) as local:
            local.connect(str(path))
            local.sendall(LAST)
            assert said(read_to_end(local))["local_operator"] is True
        forged = LAST.replace(b"Host:", b"local_operator: true\r\nHost:")
        assert said(live.ask(forged))["local_operator"] is False
    assert not path.exists()


def test_a_connection_is_kept_for_the_next_request_and_closed_when_none_comes(
    edge: LiveEdge,
) -> None:
    with edge.connect() as connection:
        for _ in range(3):
            connection.sendall(GET)
            assert status(read_answer(connection)) == 200
        waited, rest = seconds_until_closed(connection)
    assert rest == b""
    assert 0.2 < waited < 2


def test_dripping_blank_lines_between_requests_does_not_keep_a_connection(edge: LiveEdge) -> None:
    with edge.connect() as connection:
        connection.sendall(GET)
        read_answer(connection)
        started = time.monotonic()
        with pytest.raises(ConnectionError):
            _drip(connection, b"\r\n")
        assert time.monotonic() - started < 2


def test_an_answer_given_before_the_body_does_not_free_the_client_of_the_deadline(
    edge: LiveEdge,
) -> None:
    with edge.connect() as connection:
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n")
        assert status(read_answer(connection)) == 200
        started = time.monotonic()
        with pytest.raises(ConnectionError):
            _drip(connection, b"x")
        assert time.monotonic() - started < 2


def test_a_client_that_does_not_read_its_answer_is_cut_off(edge: LiveEdge) -> None:
    with edge.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
        time.sleep(1.2)  # three times what a stalled client is given
        assert len(read_to_end(connection)) < 8_000_000


def test_a_client_that_reads_slowly_gets_its_whole_answer(edge: LiveEdge) -> None:
    with edge.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        received = 0
        while chunk := connection.recv(400_000):
            received += len(chunk)
            time.sleep(0.01)
        assert received > 8_000_000


def test_a_slow_application_is_not_the_clients_fault(edge: LiveEdge) -> None:
    edge.app.slow_s = 1.2  # longer than every deadline
    assert status(edge.ask(LAST.replace(b"/hello", b"/slow"))) == 200


def test_thousand_pipelined_requests_are_answered_in_order(edge: LiveEdge) -> None:
    paths = [f"/{number}" for number in range(1000)]
    raw = b"".join(f"GET {path} HTTP/1.1\r\nHost: h\r\n\r\n".encode() for path in paths[:-1])
    received = edge.ask(
        raw + f"GET {paths[-1]} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()
    )
    assert received.count(b"HTTP/1.1 200 OK") == 1000
    assert edge.app.asked == paths


def test_a_bad_request_behind_a_good_one_leaves_the_good_answer_whole(edge: LiveEdge) -> None:
    received = edge.ask(b"GET /slow HTTP/1.1\r\nHost: h\r\n\r\nNONSENSE\r\n\r\n")
    assert received.count(b"HTTP/1.1 ") == 1
    assert said(received)["path"] == "/slow"


def test_what_follows_an_upgrade_is_not_read_as_a_request(edge: LiveEdge) -> None:
    raw = b"GET /a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + GET
    received = edge.ask(raw)
    assert received.count(b"HTTP/1.1 ") == 1
    assert edge.app.asked == ["/a"]


def test_four_hundred_silent_sockets_do_not_keep_an_honest_request_out() -> None:
    limits = Limits(head_s=5.0, connections_max=100, drain_s=1.0)
    with live_edge(limits) as live:
        silent = [live.connect() for _ in range(400)]
        started = time.monotonic()
        assert status(live.ask(LAST)) == 200
        assert time.monotonic() - started < 1
        assert live.edge.connection_count <= 100
        for connection in silent:
            connection.close()


def test_when_everybody_is_being_answered_the_next_is_refused_politely() -> None:
    with live_edge(Limits(connections_max=2, drain_s=1.0)) as live:
        live.app.slow_s = 0.6
        busy = [live.connect() for _ in range(2)]
        for connection in busy:
            connection.sendall(LAST.replace(b"/hello", b"/slow"))
        _wait_until(lambda: live.app.asked == ["/slow", "/slow"])
        refusal = live.ask(LAST)
        assert status(refusal) == 503
        assert b"Retry-After: 5" in refusal
        assert live.edge.refused_count == 1
        assert [status(read_to_end(connection)) for connection in busy] == [200, 200]
        assert status(live.ask(LAST)) == 200


class Caller(GuardedProtocol):
    """A connection of which only its place in the lobby matters."""

    def __init__(self, lobby: Lobby) -> None:
        self.lobby = lobby
        self.gave_way = False

    def give_way(self) -> None:
        self.gave_way = True
        self.lobby.leave(self, None)


def test_one_address_has_only_so_many_connections_but_the_loopback_is_exempt() -> None:
    lobby = Lobby(Limits(per_address_max=2), connections_max=10)
    first, *others = [Caller(lobby) for _ in range(6)]
    assert lobby.admit(first, "203.0.113.9")
    assert lobby.admit(others[0], "203.0.113.9")
    assert not lobby.admit(others[1], "203.0.113.9")
    assert lobby.admit(others[2], "203.0.113.10")
    assert all(lobby.admit(other, None) for other in others[3:])
    lobby.leave(first, "203.0.113.9")
    assert lobby.admit(others[1], "203.0.113.9")


def test_the_longest_waiting_gives_way_and_the_busy_never() -> None:
    lobby = Lobby(Limits(), connections_max=3)
    busy, older, newer, late, later = [Caller(lobby) for _ in range(5)]
    for caller in (busy, older, newer):
        assert lobby.admit(caller, None)
    lobby.busy(busy)
    assert lobby.admit(late, None)
    assert (busy.gave_way, older.gave_way, newer.gave_way) == (False, True, False)
    lobby.busy(newer)
    lobby.busy(late)
    assert not lobby.admit(later, None)


def test_stopping_lets_running_requests_end_and_takes_no_new_ones(edge: LiveEdge) -> None:
    with edge.connect() as running, edge.connect() as idle, edge.connect() as stream:
        running.sendall(GET.replace(b"/hello", b"/slow"))
        stream.sendall(GET.replace(b"/hello", b"/stream"))
        _wait_until(lambda: sorted(edge.app.asked) == ["/slow", "/stream"])
        port = edge.port
        edge.ask_to_stop()
        assert status(read_to_end(running)) == 200
        assert read_to_end(stream).endswith(b"0\r\n\r\n")
        assert read_to_end(idle) == b""
    assert edge.wait_for_end(1.0)
    assert edge.app.ended[-1] == "lifespan"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_request_that_never_ends_is_cancelled_when_the_drain_is_over(edge: LiveEdge) -> None:
    edge.app.slow_s = 60
    with edge.connect() as connection:
        connection.sendall(GET.replace(b"/hello", b"/slow"))
        _wait_until(lambda: edge.app.asked == ["/slow"])
        started = time.monotonic()
        edge.ask_to_stop()
        assert edge.wait_for_end(3.0)
        assert 0.8 < time.monotonic() - started < 2.5
    assert "/slow" in edge.app.ended


def test_an_application_that_fails_to_start_is_an_error_and_never_ready() -> None:
    app = EchoApp()
    app.starts = False
    live = LiveEdge(app, QUICK)
    live.start()
    assert isinstance(live.failure, RuntimeError)
    assert live.addresses == []


def test_a_port_that_is_taken_is_an_error_that_the_program_sees(edge: LiveEdge) -> None:
    async def second() -> None:
        other = Edge(EchoApp(), host="127.0.0.1", port=edge.port, limits=QUICK)
        await other.serve(lambda _: None, asyncio.Event())

    with pytest.raises(OSError, match="address already in use"):
        run(second())


def _drip(connection: socket.socket, drop: bytes) -> None:
    for _ in range(60):
        connection.sendall(drop)
        time.sleep(0.05)


def _wait_until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 3
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


def test_a_data_folder_with_too_long_a_path_is_refused_in_plain_words(tmp_path: Path) -> None:
    async def serve() -> None:
        edge = Edge(
            Starlette(), host="127.0.0.1", port=0, uds=tmp_path / ("x" * 100) / "holdfast.sock"
        )
        await edge.serve(lambda addresses: None, asyncio.Event())

    with pytest.raises(SocketPathTooLong) as refused:
        run(serve())
    assert "too long" in refused.value.detail
    assert refused.value.remedy
