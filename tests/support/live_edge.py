"""A real edge on the loopback with a small application behind it, and raw sockets to try it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from holdfast.web.protocol import Limits
from holdfast.web.server import Edge, run

START_S = 5.0
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class EchoApp:
    """Says in JSON what it was asked. /slow takes a while, /stream never ends by itself,
    /early answers before it read the body, /large answers with 8 MB."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ended: list[str] = []
        self.slow_s = 0.3
        self.starts = True

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        self.asked.append(scope["path"])
        try:
            await self._answer(scope, receive, send)
        finally:
            self.ended.append(scope["path"])

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if not self.starts:
            raise RuntimeError("no database")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.ended.append("lifespan")
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == "/early":
            await _say(send, b"{}")
            return
        body = await _whole(receive)
        if scope["path"] == "/slow":
            await asyncio.sleep(self.slow_s)
        if scope["path"] == "/stream":
            await _stream(scope["state"]["stopping"], send)
        elif scope["path"] == "/large":
            await _say(send, b"x" * 8_000_000)
        else:
            await _say(send, _echo(scope, body))


class LiveEdge:
    """Runs an edge in a thread until it is told to stop."""

    def __init__(self, app: EchoApp, limits: Limits, uds: Path | None = None) -> None:
        self.app = app
        self.edge = Edge(app, host="127.0.0.1", port=0, uds=uds, limits=limits)
        self.addresses: list[str] = []
        self.failure: BaseException | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def port(self) -> int:
        return int(self.addresses[0].rpartition(":")[2])

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(START_S)

    def ask_to_stop(self) -> None:
        assert self._loop is not None
        assert self._stop is not None
        with suppress(RuntimeError):  # it may be over already
            self._loop.call_soon_threadsafe(self._stop.set)

    def wait_for_end(self, within_s: float) -> bool:
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.settimeout(START_S)
        return connection

    def ask(self, raw: bytes) -> bytes:
        """Sends bytes and reads until the server closes the connection."""
        with self.connect() as connection:
            with suppress(OSError):  # it may refuse before all is sent
                connection.sendall(raw)
            return read_to_end(connection)

    def _run(self) -> None:
        try:
            run(self._serve())
        except Exception as failure:  # noqa: BLE001 - handed to the test
            self.failure = failure
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        await self.edge.serve(self._is_ready, self._stop)

    def _is_ready(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self._ready.set()


@contextmanager
def live_edge(limits: Limits, uds: Path | None = None) -> Iterator[LiveEdge]:
    live = LiveEdge(EchoApp(), limits, uds)
    live.start()
    try:
        yield live
    finally:
        live.ask_to_stop()
        assert live.wait_for_end(limits.drain_s + START_S)


def read_to_end(connection: socket.socket) -> bytes:
    """All that comes until the other end closes; a reset is an end too."""
    received = b""
    with suppress(ConnectionError):
        while chunk := connection.recv(65536):
            received += chunk
    return received


def read_answer(connection: socket.socket) -> bytes:
    """One answer with a Content-Length, head and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        assert chunk, f"the connection ended after {received!r}"
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def seconds_until_closed(connection: socket.socket) -> tuple[float, bytes]:
    started = time.monotonic()
    received = read_to_end(connection)
    return time.monotonic() - started, received


def status(answer: bytes) -> int | None:
    first = answer.partition(b"\r\n")[0].split()
    return int(first[1]) if len(first) > 1 and first[0].startswith(b"HTTP/") else None


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        chunk: bytes = message["body"]
        body += chunk
        if not message["more_body"]:
            return body


def _echo(scope: Message, body: bytes) -> bytes:
    said = {
        "path": scope["path"],
        "length": len(body),
        "headers": [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]],
        "local_operator": scope["state"]["local_operator"],
    }
    return json.dumps(said).encode()


async def _say(send: Send, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _stream(stopping: asyncio.Event, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
    await stopping.wait()
    await send({"type": "http.response.body", "body": b""})
