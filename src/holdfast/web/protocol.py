"""HTTP/1.1 with deadlines and caps: what the server library leaves open, this closes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.config import Config
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
    from uvicorn.server import ServerState

CONTENT_LENGTH_DIGITS_MAX = 15
REFUSALS = {
    400: "Bad Request",
    408: "Request Timeout",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
_FRAMING = frozenset({b"content-length", b"transfer-encoding", b"host"})

Headers = Sequence[tuple[bytes, bytes]]
Fault = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client and all clients together may take. Seconds, bytes, counts.

    The loopback and the unix socket are exempt from `per_address_max`: a reverse proxy calls from
    there for everybody. Source: promises d.2 HTTP, S25.
    """

    head_s: float = 10.0
    body_s: float = 20.0
    keep_alive_s: float = 75.0
    write_stalled_s: float = 60.0
    linger_s: float = 5.0
    head_bytes_max: int = 32 * 1024
    headers_max: int = 100
    url_bytes_max: int = 8 * 1024
    pipelined_max: int = 1000
    per_address_max: int = 512
    connections_max: int = 8192
    drain_s: float = 10.0


class Phase(Enum):
    HEAD = auto()  # a request's head is on its way, or the first is awaited
    BODY = auto()  # the head is here, the body not all
    ANSWER = auto()  # it is the application's turn
    IDLE = auto()  # between requests
    CLOSING = auto()  # refused; the last bytes are on their way out


# A name of the module is found faster than a member of an enumeration, thrice a request.
_HEAD, _BODY, _ANSWER = Phase.HEAD, Phase.BODY, Phase.ANSWER


class Lobby:
    """Who is connected: counts by address, and who only waits and may be asked to leave."""

    def __init__(self, limits: Limits, connections_max: int) -> None:
        self.limits = limits
        self.connections: set[GuardedProtocol] = set()
        self.refused_count = 0
        self._connections_max = connections_max
        self._by_address: Counter[str] = Counter()
        # In order of arrival: the first has waited longest.
        self._waiting: dict[GuardedProtocol, None] = {}

    def admit(self, connection: GuardedProtocol, address: str | None) -> bool:
        """Lets one in, if need be in place of the longest waiting one; False where it is full."""
        counted = address is not None and self._by_address[address] >= self.limits.per_address_max
        full = len(self.connections) >= self._connections_max
        if counted or (full and not self._make_room()):
            self.refused_count += 1
            return False
        self.connections.add(connection)
        self._waiting[connection] = None
        if address is not None:
            self._by_address[address] += 1
        return True

    def leave(self, connection: GuardedProtocol, address: str | None) -> None:
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        self._waiting.pop(connection, None)
        if address is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def waits(self, connection: GuardedProtocol) -> None:
        if connection in self.connections:
            self._waiting[connection] = None

    def busy(self, connection: GuardedProtocol) -> None:
        self._waiting.pop(connection, None)

    def has_unsent(self) -> bool:
        """True while any client has not yet taken the whole of its answer."""
        return any(one.transport.get_write_buffer_size() for one in self.connections)

    def sweep(self, now: float) -> None:
        """Ends what is overdue at `now`, an instant of the event loop's clock."""
        for connection in tuple(self.connections):
            connection.sweep(now)

    def _make_room(self) -> bool:
        # Silent sockets must not keep an honest request out (promises S25).
        longest = next(iter(self._waiting), None)
        if longest is None:
            return False
        longest.give_way()
        return True


class GuardedProtocol(HttpToolsProtocol):
    """One connection. Everything that it awaits from its client has a deadline and a size."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        *,
        lobby: Lobby,
        local_operator: bool,
    ) -> None:
        super().__init__(config, server_state, app_state)
        self._lobby = lobby
        self._limits = lobby.limits
        self._local_operator = local_operator
        self._address: str | None = None
        self._phase = Phase.HEAD
        self._since = 0.0
        self._moved = False
        self._unread_bytes = 0  # fed to the parser since it last handed anything on
        self._fault: Fault | None = None
        self._running: RequestResponseCycle | None = None
        self._unsent_bytes = 0
        self._taken_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self._since = self._taken_at = self.loop.time()
        self._address = None if self._local_operator else _counted_address(self.client)
        if not self._lobby.admit(self, self._address):
            self._refuse(503, "too many connections; try again in a moment")

    def connection_lost(self, exc: Exception | None) -> None:
        self._lobby.leave(self, self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._phase is Phase.CLOSING or self._fault is not None:
            return
        self._unread_bytes += len(data)
        super().data_received(data)
        if self._moved:
            # Once for all that came together: most requests come whole, and the clock costs.
            self._moved = False
            self._since = self.loop.time()
        if self._unread_bytes > self._limits.head_bytes_max and self._fault is None:
            in_body = self._phase is Phase.BODY
            self._refuse(*((400, "the body's framing is too long") if in_body else _HEAD_TOO_LARGE))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"]["local_operator"] = self._local_operator
        if self._phase is not _HEAD:
            self._phase = _HEAD
            self._moved = True

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers come by the same way, after the application has already read the headers.
        if self._phase is not _HEAD:
            return
        if len(self.headers) >= self._limits.headers_max:
            self._give_up((431, f"more than {self._limits.headers_max} headers"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._unread_bytes = 0
        if fault := _head_fault(
            self.url, self.headers, self.parser.get_http_version(), self._limits
        ):
            self._give_up(fault)
        if len(self.pipeline) >= self._limits.pipelined_max:
            self._give_up((503, "too many requests at once on one connection"))
        self._phase = _BODY
        self._moved = True
        self._lobby.busy(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread_bytes = 0
        super().on_message_complete()
        if self._is_answering():
            self._phase = _ANSWER
        else:
            self._enter(Phase.IDLE)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._phase is _ANSWER and not self._is_answering():
            self._enter(Phase.IDLE)

    def send_400_response(self, msg: str) -> None:
        """The parser's no, and ours: both come this way."""
        self._refuse(*(self._fault or (400, "the request is not well-formed")))

    def sweep(self, now: float) -> None:
        """Ends the connection if what it waits for is overdue."""
        if self._is_stalled(now):
            self.transport.abort()
            return
        allowed_s = self._allowed_s()
        if allowed_s is None or now - self._since <= allowed_s:
            return
        if self._is_not_awaited():
            self._since = now
        elif self.transport.is_closing():
            self.transport.abort()
        elif self._phase is Phase.IDLE or self._is_silent():
            self.transport.close()
        else:
            self._refuse(408, "the request did not arrive in time")

    def give_way(self) -> None:
        """Closes a connection that only waits, for one that may have something to say."""
        self._lobby.leave(self, self._address)
        self._phase = Phase.CLOSING
        self.transport.abort()

    def _allowed_s(self) -> float | None:
        match self._phase:
            case Phase.HEAD:
                return self._limits.head_s
            case Phase.BODY:
                return self._limits.body_s
            case Phase.IDLE:
                return self._limits.keep_alive_s
            case Phase.CLOSING:
                return self._limits.linger_s
            case Phase.ANSWER:
                return None

    def _is_stalled(self, now: float) -> bool:
        """True where the client took nothing of its answer for too long; slow is not stalled."""
        waiting_bytes, before = self.transport.get_write_buffer_size(), self._unsent_bytes
        self._unsent_bytes = waiting_bytes
        if waiting_bytes == 0 or waiting_bytes < before:
            self._taken_at = now
        return now - self._taken_at > self._limits.write_stalled_s

    def _enter(self, phase: Phase) -> None:
        self._phase = phase
        self._since = self.loop.time()
        if phase is Phase.IDLE:
            self._lobby.waits(self)

    def _is_not_awaited(self) -> bool:
        """True where it is not the client that the connection waits for."""
        if self._phase is Phase.BODY:
            return self.flow.read_paused  # the application is slow to read what has come
        return self._phase is Phase.IDLE and self._unsent_bytes > 0  # the answer is on its way

    def _is_silent(self) -> bool:
        """True before the first byte: browsers open such connections ahead; no answer is due."""
        return self.scope is None

    def _is_answering(self) -> bool:
        running = self._running
        return bool(self.pipeline) or (running is not None and not running.response_complete)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _unsupported_upgrade_warning(self) -> None:
        # What follows an upgrade is not HTTP: this request is answered, then the connection ends.
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def _give_up(self, fault: Fault) -> None:
        """Stops the parser in the middle; it comes back through send_400_response."""
        self._fault = fault
        raise ValueError(fault[1])

    def _refuse(self, status: int, why: str) -> None:
        self._fault = (status, why)
        earlier = self._last_good_cycle()
        if earlier is not None:
            # Its client gets that answer whole before the connection ends.
            earlier.keep_alive = False
            self._enter(Phase.ANSWER)
            return
        running = self._running
        if running is None or running.response_complete or not running.response_started:
            self.transport.write(_refusal(status, why))
        if running is not None:
            # The application may still be answering: from here on it speaks to nobody.
            running.disconnected = True
            running.message_event.set()
        self.transport.close()
        self._enter(Phase.CLOSING)

    def _last_good_cycle(self) -> RequestResponseCycle | None:
        """The last request that arrived whole and has no whole answer yet."""
        if self.pipeline and self.pipeline[0][0].more_body:
            self.pipeline.popleft()
        last = self.pipeline[0][0] if self.pipeline else self._running
        if last is None or last.response_complete or last.more_body:
            return None
        return last


_HEAD_TOO_LARGE: Fault = (431, "the request's head is too large")


def _head_fault(url: bytes, headers: Headers, version: str, limits: Limits) -> Fault | None:
    """What is wrong with a request's head, or None. Pure, and called once for each request."""
    if len(url) > limits.url_bytes_max:
        return 414, "the URL is too long"
    framing: dict[bytes, bytes] = {}
    size = len(url)
    for name, value in headers:
        size += len(name) + len(value) + 4
        if b"\r" in value or b"\n" in value or b"\0" in value:
            return 400, "a header stretches over several lines"
        if name in _FRAMING:
            if name in framing:
                return 400, f"two {name.decode()} headers"
            framing[name] = value
    if size > limits.head_bytes_max:
        return _HEAD_TOO_LARGE
    return _framing_fault(framing, version)


def _framing_fault(framing: dict[bytes, bytes], version: str) -> Fault | None:
    length, encoding = framing.get(b"content-length"), framing.get(b"transfer-encoding")
    if version not in ("1.0", "1.1"):
        return 400, "only HTTP/1.0 and HTTP/1.1 are spoken here"
    if version == "1.1" and not framing.get(b"host"):
        return 400, "a Host header is missing"
    if length is not None and encoding is not None:
        return 400, "both content-length and transfer-encoding"
    if length is not None and not (length.isdigit() and len(length) <= CONTENT_LENGTH_DIGITS_MAX):
        return 400, "content-length is not a number of bytes"
    if encoding is not None and (encoding.lower() != b"chunked" or version == "1.0"):
        return 400, "the only transfer-encoding is chunked, in HTTP/1.1"
    return None


def _refusal(status: int, why: str) -> bytes:
    body = f'{{"title":"{REFUSALS[status]}","status":{status},"detail":"{why}"}}\n'.encode()
    retry = "Retry-After: 5\r\n" if status == 503 else ""
    head = (
        f"HTTP/1.1 {status} {REFUSALS[status]}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n{retry}Connection: close\r\n\r\n"
    )
    return head.encode() + body


def _counted_address(client: tuple[str, int] | None) -> str | None:
    """By what one client is counted: its IPv4 address or its IPv6 network; None is not counted."""
    if client is None:
        return None
    try:
        address = ip_address(client[0].partition("%")[0])
    except ValueError:
        return client[0]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return None
    if isinstance(address, IPv6Address):
        # One household has a whole /64 to call from.
        return address.exploded[:19]
    return str(address)
