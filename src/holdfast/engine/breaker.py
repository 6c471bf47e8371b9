"""A circuit breaker for each destination: a host that never answers must not pin the senders."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from holdfast.kernel.clock import Clock

FAILURES_MAX = 3
WINDOW_S = 30.0
OPEN_S = 30.0
HOSTS_MAX = 1024


class CircuitState(StrEnum):
    CLOSED = "closed"  # calls go through
    OPEN = "open"  # calls are refused at once
    HALF_OPEN = "half_open"  # one call is on its way to find out


@dataclass(frozen=True, slots=True)
class Circuit:
    """One destination as metrics see it; the counts run since the start of the process."""

    state: CircuitState
    failure_count: int
    opened_count: int
    refused_count: int


@dataclass(slots=True)
class _Line:
    failed_at: tuple[float, ...] = ()
    open_until: float | None = None
    probing: bool = False
    opened_count: int = 0
    refused_count: int = 0


class Breaker:
    """Opens after 3 failures in 30 s with no success between; after 30 s one call may probe.

    A failure is a call that got no answer at all. A host that answers 500 at once costs nobody
    any time, and the person's next method is due all the same; so answers never open a circuit,
    and one receiver's error page cannot silence its neighbours on the same host. Source:
    promises P10, ledger S1-83. Safe to use from many threads.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()

    def refusal(self, host: str) -> str | None:
        """Why this host is not called now, or None. None at an open circuit is the one probe."""
        with self._lock:
            line = self._lines.get(host)
            if line is None or line.open_until is None:
                return None
            now = self._clock.monotonic()
            if now < line.open_until:
                line.refused_count += 1
                return f"circuit open: {host} did not answer {FAILURES_MAX} times in a row"
            # Moving the end first keeps every other caller out while the probe is on its way,
            # and a probe that never reports back costs one more wait, not the host for ever.
            line.open_until = now + OPEN_S
            line.probing = True
            return None

    def answered(self, host: str) -> None:
        """The host gave any answer: its circuit is closed and its failures are forgotten."""
        with self._lock:
            line = self._lines.get(host)
            if line is None:
                return
            line.failed_at, line.open_until, line.probing = (), None, False
            if not line.opened_count:
                del self._lines[host]

    def failed(self, host: str) -> None:
        """The host gave no answer."""
        with self._lock:
            now = self._clock.monotonic()
            line = self._line(host)
            if line.open_until is not None:
                if line.probing:
                    line.open_until, line.probing = now + OPEN_S, False
                return
            recent = tuple(at for at in line.failed_at if now - at < WINDOW_S)
            line.failed_at = (*recent, now)
            if len(line.failed_at) >= FAILURES_MAX:
                line.open_until = now + OPEN_S
                line.opened_count += 1

    def not_called(self, host: str) -> None:
        """Our own rules stopped the call: it says nothing about the host; a probe is given back."""
        with self._lock:
            line = self._lines.get(host)
            if line is not None and line.probing:
                line.open_until, line.probing = self._clock.monotonic(), False

    def states(self) -> Mapping[str, Circuit]:
        """Every destination with failures to its name; those never in trouble are not listed."""
        with self._lock:
            return {
                host: Circuit(
                    _state(line), len(line.failed_at), line.opened_count, line.refused_count
                )
                for host, line in self._lines.items()
            }

    def _line(self, host: str) -> _Line:
        if host not in self._lines and len(self._lines) >= HOSTS_MAX:
            closed = (name for name, line in self._lines.items() if line.open_until is None)
            del self._lines[next(closed, next(iter(self._lines)))]
        return self._lines.setdefault(host, _Line())


def _state(line: _Line) -> CircuitState:
    if line.open_until is None:
        return CircuitState.CLOSED
    return CircuitState.HALF_OPEN if line.probing else CircuitState.OPEN
