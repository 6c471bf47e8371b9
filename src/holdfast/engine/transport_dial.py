"""Opens connections to vetted addresses only: look up once, judge all, dial those."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from ipaddress import ip_address

from holdfast.engine.egress import Address, Blocked, EgressRules, Refusal, is_host, vet
from holdfast.kernel.clock import SystemClock

LOOKUPS_MAX = 32
ADDRESSES_MAX = 4

Resolve = Callable[[str], Sequence[str]]

# Sockets wait in real time, whatever clock the rest of a rehearsal runs on.
REAL_TIME = SystemClock()


class Unreachable(Exception):
    """No connection came about; nothing was sent. The message carries no secret."""


def system_addresses(host: str) -> Sequence[str]:
    """All addresses of a host name as the machine's own resolver gives them."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Dialler:
    """Connects to hosts under one set of rules. Safe to use from many threads."""

    def __init__(self, rules: EgressRules, resolve: Resolve = system_addresses) -> None:
        self._rules = rules
        self._resolve = resolve
        self._slots = threading.BoundedSemaphore(LOOKUPS_MAX)

    def dial(self, host: str, port: int, refusal: Refusal, until: float) -> socket.socket:
        """A connected socket, by `until` on the monotonic clock.

        Raises `Blocked` where the rules forbid any of the host's addresses, else `Unreachable`.
        """
        if not is_host(host) or not 0 < port < 65536:
            raise Blocked("the address has no host or port that could be called")
        answers = self._look_up(host, until)
        vetted = vet(host, port, answers, lambda address: refusal(address, port, self._rules))
        return _first_connection(host, port, vetted[:ADDRESSES_MAX], until)

    def _look_up(self, host: str, until: float) -> Sequence[str]:
        if _is_literal(host):
            return [host]
        # The system's resolver knows no deadline, so it waits in a thread that we can leave.
        if not self._slots.acquire(blocking=False):
            raise Blocked("too many name lookups are waiting")
        answers: queue.SimpleQueue[Sequence[str] | None] = queue.SimpleQueue()
        threading.Thread(target=self._resolve_into, args=(host, answers), daemon=True).start()
        try:
            found = answers.get(timeout=max(until - REAL_TIME.monotonic(), 0.001))
        except queue.Empty:
            raise Unreachable(f"the name {host} could not be looked up in time") from None
        if not found:
            raise Unreachable(f"the name {host} is unknown")
        return found

    def _resolve_into(self, host: str, answers: queue.SimpleQueue[Sequence[str] | None]) -> None:
        found: Sequence[str] | None = None
        try:
            found = self._resolve(host)
        except (OSError, UnicodeError):
            found = None
        finally:
            self._slots.release()
            answers.put(found)


class Trust:
    """The certificates to trust, read from disk at the first TLS call: start-up does not wait."""

    def __init__(self, given: ssl.SSLContext | None = None) -> None:
        self._given = given
        self._lock = threading.Lock()

    def context(self) -> ssl.SSLContext:
        with self._lock:
            return self._context

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()


def wrap_tls(raw: socket.socket, context: ssl.SSLContext, host: str, until: float) -> ssl.SSLSocket:
    """Speaks TLS as a client of `host` by `until`, or closes the socket: `Unreachable`."""
    try:
        raw.settimeout(max(until - REAL_TIME.monotonic(), 0.001))
        return context.wrap_socket(raw, server_hostname=host)
    except (OSError, ValueError) as error:
        raw.close()
        raise Unreachable(f"TLS with {host} failed: {tls_trouble(error)}") from error


def tls_trouble(error: Exception) -> str:
    """What went wrong in TLS, in words that can hold nothing of what was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    return "the connection was closed"


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _first_connection(
    host: str, port: int, vetted: Sequence[Address], until: float
) -> socket.socket:
    why = "no time was left"
    for position, address in enumerate(vetted):
        left_s = until - REAL_TIME.monotonic()
        if left_s <= 0:
            break
        try:
            # A dead first address (an IPv6 black hole, say) must leave time for the others.
            return _connect(address, port, left_s / (len(vetted) - position))
        except TimeoutError:
            why = "no answer in time"
        except OSError as error:
            why = (error.strerror or "it failed").lower()
    raise Unreachable(f"no connection to {host}:{port}: {why}")


def _connect(address: Address, port: int, timeout_s: float) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout_s)
        connection.connect((str(address), port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        connection.close()
        raise
    return connection
