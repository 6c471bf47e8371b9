"""HTTP calls over vetted connections: one deadline, little memory, no redirects, no proxies."""

from __future__ import annotations

import json as jsonlib
import select
import socket
import ssl
import threading
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import httpcore2
import httpx2

from holdfast.engine.egress import Blocked, web_refusal
from holdfast.engine.transport_dial import REAL_TIME, Dialler, Trust, Unreachable, wrap_tls
from holdfast.sdk.call import HttpCall, Reply

ANSWER_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 128
IDLE_CONNECTIONS_MAX = 32
# Shorter than the 5 s after which common servers hang up: a page is never sent into a connection
# that its other end is closing. A changed address of a name is followed as fast.
KEEP_ALIVE_S = 4.0
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that one call may take in all; no peer can stretch them by dripping bytes."""

    connect_s: float = 3.0
    total_s: float = 5.0
    mail_s: float = 8.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where an HTTP call goes, read once, so that what is vetted is what is dialled."""

    url: httpx2.URL
    host: str
    port: int

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def target(url: str) -> Target:
    """Reads a URL, or raises `Blocked` where it is not one that may be called at all."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError):
        raise Blocked("the address is not a URL") from None
    if parsed.scheme not in _PORTS:
        raise Blocked("only http and https addresses are called")
    host = parsed.raw_host.decode("ascii", "replace")
    if not host:
        raise Blocked("the address names no host")
    return Target(parsed, host, parsed.port or _PORTS[parsed.scheme])


@dataclass(slots=True)
class _Attempt:
    """The call that the present thread is making."""

    connect_until: float
    until: float
    written: bool = False


class _Present(threading.local):
    """Hands the attempt to the streams below the HTTP library, which know only one read's wait."""

    attempt = _Attempt(0.0, 0.0)


class HttpCaller:
    """Performs HTTP calls. Safe to use from many threads."""

    def __init__(self, dialler: Dialler, deadlines: Deadlines, trust: Trust) -> None:
        self._deadlines = deadlines
        self._present = _Present()
        network = _Network(dialler, self._present, trust)
        self._pool = httpcore2.ConnectionPool(
            # Never used to trust anybody: _Stream.start_tls has the real one.
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=IDLE_CONNECTIONS_MAX,
            keepalive_expiry=KEEP_ALIVE_S,
            network_backend=network,
        )

    def perform(self, call: HttpCall, to: Target) -> Reply:
        """The other side's answer, or a reply of status 0. Raises only `Blocked`."""
        now = REAL_TIME.monotonic()
        attempt = _Attempt(now + self._deadlines.connect_s, now + self._deadlines.total_s)
        self._present.attempt = attempt
        try:
            return self._exchange(call, to)
        except Unreachable as error:
            return Reply(0, error=str(error))
        except httpcore2.PoolTimeout:
            raise Blocked(f"all {CONNECTIONS_MAX} outgoing connections are busy") from None
        except httpcore2.TimeoutException:
            why = f"{to.name} gave no answer within {self._deadlines.total_s:g} s"
            return Reply(0, error=why, unknown=attempt.written)
        except httpcore2.LocalProtocolError:
            raise Blocked("the request has a method or header that HTTP does not know") from None
        except httpcore2.ProtocolError:
            return Reply(0, error=f"{to.name} did not answer in HTTP", unknown=attempt.written)
        except httpcore2.NetworkError:
            return Reply(0, error=f"{to.name} cut the connection", unknown=attempt.written)

    def close(self) -> None:
        """Closes the connections that are kept for the next call."""
        self._pool.close()

    def _exchange(self, call: HttpCall, to: Target) -> Reply:
        content, kind = _content(call)
        with self._pool.stream(
            call.method.upper(),
            httpcore2.URL(
                scheme=to.url.raw_scheme,
                host=to.url.raw_host,
                port=to.url.port,
                target=to.url.raw_path,
            ),
            headers=_headers(call, to, content, kind),
            content=content,
            extensions={"timeout": {"pool": self._deadlines.total_s}},
        ) as response:
            headers = _readable(response.headers)
            raw = _first_bytes(response)
        return Reply(response.status, _plain(raw, headers), headers)


def _content(call: HttpCall) -> tuple[bytes | None, str | None]:
    if call.json is not None:
        return jsonlib.dumps(call.json, separators=(",", ":")).encode(), "application/json"
    return call.body, None


def _headers(
    call: HttpCall, to: Target, content: bytes | None, kind: str | None
) -> list[tuple[bytes, bytes]]:
    given = {name.lower(): value for name, value in call.headers.items()}
    headers = [(b"Host", to.url.netloc), (b"Accept-Encoding", b"identity")]
    if "user-agent" not in given:
        headers.append((b"User-Agent", b"Holdfast"))
    if kind and "content-type" not in given:
        headers.append((b"Content-Type", kind.encode()))
    if content is not None or call.method.upper() in ("POST", "PUT", "PATCH"):
        headers.append((b"Content-Length", str(len(content or b"")).encode()))
    if to.url.userinfo and "authorization" not in given:
        pair = f"{to.url.username}:{to.url.password}".encode()
        headers.append((b"Authorization", b"Basic " + b64encode(pair)))
    for name, value in call.headers.items():
        if name.lower() not in _OURS:
            headers.append((name.encode("utf-8", "replace"), _clean(value)))
    return headers


def _clean(value: str) -> bytes:
    """A header value on one line: a line break in an alert's title must not lose the page."""
    visible = "".join(c if c.isprintable() or c == " " else " " for c in value)
    return visible.strip().encode("utf-8", "replace")


def _readable(raw: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _first_bytes(response: httpcore2.Response) -> bytes:
    """The body up to its limit. The status is the answer: a body that drips or breaks is cut."""
    body = bytearray()
    try:
        for chunk in response.iter_stream():
            body += chunk
            if len(body) >= ANSWER_BYTES_MAX:
                break
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        pass
    return bytes(body[:ANSWER_BYTES_MAX])


def _plain(raw: bytes, headers: Mapping[str, str]) -> bytes:
    """Unpacks what some servers pack without being asked, never beyond the limit."""
    if headers.get("content-encoding", "").lower() not in ("gzip", "x-gzip", "deflate"):
        return raw
    try:
        return zlib.decompressobj(wbits=47).decompress(raw, ANSWER_BYTES_MAX)
    except zlib.error:
        return raw


class _Network(httpcore2.NetworkBackend):
    """Gives the HTTP library connections to vetted addresses and to nothing else."""

    def __init__(self, dialler: Dialler, present: _Present, trust: Trust) -> None:
        self._dialler = dialler
        self._present = present
        self._trust = trust

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        until = self._present.attempt.connect_until
        raw = self._dialler.dial(host, port, web_refusal, until)
        return _Stream(raw, self._present, self._trust)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        raise Blocked("no call goes to a unix socket")


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends with the deadline of the call that is using it."""

    def __init__(self, connection: socket.socket, present: _Present, trust: Trust) -> None:
        self._connection = connection
        self._present = present
        self._trust = trust

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._wait_until_deadline(httpcore2.ReadTimeout)
        try:
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout from error
        except (OSError, ValueError) as error:
            raise httpcore2.ReadError from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wait_until_deadline(httpcore2.WriteTimeout)
        self._present.attempt.written = True
        try:
            self._connection.sendall(buffer)
        except TimeoutError as error:
            raise httpcore2.WriteTimeout from error
        except (OSError, ValueError) as error:
            raise httpcore2.WriteError from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        until = self._present.attempt.until
        secure = wrap_tls(self._connection, self._trust.context(), server_hostname or "", until)
        return _Stream(secure, self._present, self._trust)

    def get_extra_info(self, info: str) -> object:
        if info == "is_readable":
            return self._is_readable()
        return None

    def _is_readable(self) -> bool:
        """True where an idle connection has something to say, which can only be its end."""
        if self._connection.fileno() < 0:
            return True
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        return bool(poll.poll(0))

    def _wait_until_deadline(self, late: type[httpcore2.TimeoutException]) -> None:
        left_s = self._present.attempt.until - REAL_TIME.monotonic()
        if left_s <= 0:
            raise late
        self._connection.settimeout(left_s)
