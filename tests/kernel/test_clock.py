"""Clocks: one that moves only when told, and the machine's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from holdfast.kernel.clock import SteppedClock, SystemClock
from tests.support.database import START


def test_a_stepped_clock_moves_when_told_and_counts_along() -> None:
    clock = SteppedClock(START)
    assert (clock.now(), clock.monotonic()) == (START, 0.0)
    clock.jump_to(START + timedelta(seconds=90))
    assert (clock.now(), clock.monotonic()) == (START + timedelta(seconds=90), 90.0)


def test_time_does_not_run_backwards_and_an_instant_has_its_zone() -> None:
    clock = SteppedClock(START)
    with pytest.raises(AssertionError):
        clock.jump_to(START - timedelta(microseconds=1))
    with pytest.raises(AssertionError):
        SteppedClock(datetime(2026, 1, 1))


def test_the_systems_clock_is_in_utc_and_its_seconds_only_grow() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta()
    assert clock.monotonic() <= clock.monotonic()
