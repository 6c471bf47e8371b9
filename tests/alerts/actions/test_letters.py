"""Signals through the inbox and back."""

from __future__ import annotations

import msgspec

from holdfast.alerts.actions import letters
from holdfast.sdk import Severity, Signal, SignalStatus
from holdfast.storage.inbox import Letter
from tests.support.database import START
from tests.support.story import firing


def through(*signals: Signal) -> tuple[Signal, ...]:
    kept = msgspec.json.decode(letters.signals_out(signals))
    return letters.incoming(Letter(1, "lt_1", "am", START, kept, 0)).signals


def test_a_signal_comes_out_of_the_inbox_as_it_went_in() -> None:
    full = firing(
        title="Ünïcode ☃ \u2028 \x7f",
        labels={"a": "b"},
        details={"n": [1, 2.5, None, True, {"deep": "er"}]},
        link="https://example.com",
        started_at=START,
        group="g",
        resolves_group=True,
        marks=("one", "two"),
    )
    bare = Signal(SignalStatus.RESOLVED, "t")
    assert through(full, bare) == (full, bare)


def test_the_order_of_signals_is_kept() -> None:
    many = tuple(firing(f"k{number}", severity=Severity.INFO) for number in range(100))
    assert through(*many) == many


def test_a_letter_that_cannot_be_read_keeps_its_name_and_connection() -> None:
    unread = letters.unread(Letter(7, "lt_7", "am", START, {"not": "signals"}, 2))
    assert (unread.letter, unread.connection, unread.signals) == ("lt_7", "am", ())
