"""Signals on their way through the inbox: out to JSON and back. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from holdfast.alerts.model import Incoming
from holdfast.sdk import Signal
from holdfast.storage.inbox import Letter

_SIGNALS = list[Signal]


def signals_out(signals: Sequence[Signal]) -> str:
    """The JSON that the inbox keeps."""
    return msgspec.json.encode(list(signals)).decode()


def incoming(letter: Letter) -> Incoming:
    """A letter as alerts.receive takes it."""
    signals = msgspec.convert(letter.signals, _SIGNALS)
    return Incoming(letter.id, letter.connection, letter.received_at, tuple(signals))


def unread(letter: Letter) -> Incoming:
    """The letter without its signals, for when they are what cannot be digested."""
    return Incoming(letter.id, letter.connection, letter.received_at, ())
