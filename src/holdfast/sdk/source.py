"""A source: bytes in, signals out, and the answer that its senders expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.sdk.inbound import Inbound
from holdfast.sdk.signal import Signal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender gets back. A None body is empty; anything else is sent as JSON."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Door:
    """A vendor's own path besides /in/{key}; `key` finds the key in such a request, or None."""

    path: str
    key: Callable[[Inbound], str | None]


def _accepted(signals: Sequence[Signal]) -> Answer:
    return Answer(202, {"status": "accepted", "signals": len(signals)})


def _refused(status: int, detail: str) -> Answer:
    return Answer(status, {"status": status, "detail": detail})


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of sender.

    `read` raises Unreadable for what no signal can be made of. `answer` is told the signals with
    their dedup keys filled in; `refuse` shapes a 4xx, 429 or 503 for the vendor's clients.
    `busy_status` is what its senders retry (wire R4). `key_digits`: the key length that the
    vendor's clients expect, in hexadecimal digits. `snippet` is set-up text with {base_url},
    {key} and {key_url} to fill in; `sample` is a body that fires one alert.
    """

    name: str
    title: str
    read: Callable[[Inbound], list[Signal]]
    docs: str
    snippet: str
    sample: str
    answer: Callable[[Sequence[Signal]], Answer] = _accepted
    refuse: Callable[[int, str], Answer] = _refused
    door: Door | None = None
    busy_status: int = 503
    key_digits: int = 32
