"""Listens on TCP and on a unix socket at once, and ends in good order."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import uvicorn
import uvloop
from uvicorn.server import ServerState

from holdfast.kernel.clock import SystemClock
from holdfast.kernel.errors import Unavailable
from holdfast.web.protocol import GuardedProtocol, Limits, Lobby

if TYPE_CHECKING:
    from asyncio import Server

OPEN_FILES_WANTED = 65536
OPEN_FILES_RESERVED = 128  # for the database, logs and outgoing calls
SWEEPS_PER_DEADLINE = 8
SWEEP_S_MAX = 1.0
BACKLOG = 2048
CANCEL_S = 1.0
FLUSH_S = 0.01
UDS_MODE = 0o600
UDS_PATH_BYTES_MAX = 107

T = TypeVar("T")
Said = MutableMapping[str, Any]  # a scope or a message, as ASGI has them
Application = Callable[
    [Said, Callable[[], Awaitable[Said]], Callable[[Said], Awaitable[None]]], Awaitable[None]
]


def run(main: Coroutine[object, object, T]) -> T:
    """Runs a program's one coroutine on the fast event loop; signals are its own business."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


class SocketPathTooLong(Unavailable):
    """Unix sockets have short paths: the kernel keeps 108 bytes for them."""


class Edge:
    """The server below ASGI: sockets, deadlines, caps and drain. No access log, no signals.

    Every request's `scope["state"]` says in `local_operator` whether it came by the unix socket
    (whose file only its owner may use), and holds in `stopping` an asyncio.Event: streams that
    never end by themselves end when it is set, else the drain waits for them in vain.
    """

    def __init__(
        self,
        app: Application,
        *,
        host: str,
        port: int,
        uds: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._uds = uds
        self._limits = limits
        self._state = ServerState()
        self._clock = SystemClock()  # the Date header is for caches: never a rehearsal's time
        self._lobby = Lobby(limits, 0)

    @property
    def connection_count(self) -> int:
        """Open connections, for metrics."""
        return len(self._lobby.connections)

    @property
    def refused_count(self) -> int:
        """Connections refused since the start because it was too full, for metrics."""
        return self._lobby.refused_count

    async def serve(self, ready: Callable[[list[str]], None], stop: asyncio.Event) -> None:
        """Serves until `stop` is set, then drains for at most `limits.drain_s` seconds.

        `ready` is called once, with the addresses that answer by then, such as
        ["http://127.0.0.1:8080"]. Raises OSError where an address cannot be listened on.
        """
        config = self._config()
        lifespan = config.lifespan_class(config)
        self._lobby = Lobby(self._limits, self._connections_max())
        self._set_date()
        await lifespan.startup()
        if lifespan.should_exit:
            raise RuntimeError("the web application did not start; its error stands in the log")
        lifespan.state["stopping"] = stop
        try:
            servers, addresses = await self._listen(config, lifespan.state)
            sweeping = asyncio.create_task(self._sweep_for_ever())
            try:
                ready(addresses)
                await stop.wait()
            finally:
                await self._drain(servers)
                sweeping.cancel()
        finally:
            await lifespan.shutdown()

    def _config(self) -> uvicorn.Config:
        config = uvicorn.Config(
            self._app,
            http="httptools",
            ws="none",
            lifespan="on",
            interface="asgi3",
            log_config=None,
            log_level="error",  # a scanner's noise is not news
            access_log=False,
            proxy_headers=False,
            server_header=False,
            # The sweep ends idle connections; this one, reset by any byte, must never be first.
            timeout_keep_alive=int(self._limits.keep_alive_s) + 60,
        )
        config.load()
        return config

    def _connections_max(self) -> int:
        """Below what the kernel lets us open: past that, accept fails for honest clients too."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES_WANTED
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        if soft == resource.RLIM_INFINITY:
            return self._limits.connections_max
        return max(1, min(self._limits.connections_max, soft - OPEN_FILES_RESERVED))

    async def _listen(
        self, config: uvicorn.Config, app_state: dict[str, object]
    ) -> tuple[list[Server], list[str]]:
        loop = asyncio.get_running_loop()
        connection = partial(GuardedProtocol, config, self._state, app_state, lobby=self._lobby)
        tcp = await loop.create_server(
            partial(connection, local_operator=False), self._host, self._port, backlog=BACKLOG
        )
        addresses = [_address(listener.getsockname()) for listener in tcp.sockets]
        if self._uds is None:
            return [tcp], addresses
        try:
            local = await self._listen_locally(self._uds, partial(connection, local_operator=True))
        except (OSError, Unavailable):
            tcp.close()
            raise
        return [tcp, local], [*addresses, f"unix:{self._uds}"]

    async def _listen_locally(
        self, path: Path, connection: Callable[[], asyncio.Protocol]
    ) -> Server:
        """Nobody can call before the mode is right, and what a dead server left is replaced."""
        fresh = path.with_name(f".{path.name}.new")
        if len(os.fsencode(fresh)) > UDS_PATH_BYTES_MAX:
            raise SocketPathTooLong(
                f"The path of the socket, {path}, is too long for this system.",
                remedy="Choose a data folder whose path has fewer than 85 characters.",
            )
        fresh.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        local = await loop.create_unix_server(connection, str(fresh), backlog=BACKLOG)
        fresh.chmod(UDS_MODE)
        fresh.rename(path)
        return local

    async def _sweep_for_ever(self) -> None:
        loop = asyncio.get_running_loop()
        limits = self._limits
        shortest_s = min(limits.head_s, limits.body_s, limits.keep_alive_s, limits.linger_s)
        pause_s = min(SWEEP_S_MAX, shortest_s / SWEEPS_PER_DEADLINE)
        while True:
            await asyncio.sleep(pause_s)
            self._set_date()
            self._lobby.sweep(loop.time())

    def _set_date(self) -> None:
        date = format_datetime(self._clock.now(), usegmt=True).encode()
        self._state.default_headers = [(b"date", date)]

    async def _drain(self, servers: list[Server]) -> None:
        """Takes nobody new, lets running requests end, and cancels what does not end in time."""
        for server in servers:
            server.close()
        if self._uds is not None:
            self._uds.unlink(missing_ok=True)
        for connection in tuple(self._lobby.connections):
            connection.shutdown()
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.drain_s
        await self._requests_end(self._limits.drain_s)
        while self._lobby.has_unsent() and loop.time() < until:
            await asyncio.sleep(FLUSH_S)
        for request in self._state.tasks:
            request.cancel()
        await self._requests_end(CANCEL_S)
        for connection in tuple(self._lobby.connections):
            connection.transport.close()

    async def _requests_end(self, within_s: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + within_s
        # In rounds: the end of one request may start the next on the same connection.
        while self._state.tasks and (left_s := until - loop.time()) > 0:
            await asyncio.wait(set(self._state.tasks), timeout=left_s)


def _address(name: tuple[object, ...]) -> str:
    host, port = str(name[0]), name[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
