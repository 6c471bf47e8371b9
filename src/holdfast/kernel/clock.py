"""Where time comes from. The only file that may read a clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """An instant for transactions and a monotonic count of seconds for waits."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's own clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SteppedClock:
    """Moves only when told and never backwards: for simulations, rehearsals and tests."""

    def __init__(self, start: datetime) -> None:
        assert start.tzinfo is not None, "an instant needs its zone"
        self._start = start
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def jump_to(self, instant: datetime) -> None:
        assert instant >= self._now, "time does not run backwards"
        self._now = instant
