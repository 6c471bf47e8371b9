"""What an event is: something that happened here, past tense, immutable."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """A subclass a happening; `kind` is its stored name, `subject` the id of what it is about.

    Fields hold ids, never names or addresses: a person's data must be erasable (promises d.2).
    """

    kind: ClassVar[str]

    subject: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the timeline kept it.

    `seq` orders what was said at one instant; `position` is its place in the hash chain.
    """

    id: str
    at: datetime
    kind: str
    subject: str
    actor: str
    data: dict[str, object]
    position: int | None = None
    seq: int = 0


def event_data(event: Event) -> dict[str, object]:
    """The event's own fields as plain JSON values."""
    return {
        field.name: _plain(getattr(event, field.name))
        for field in fields(event)
        if field.name != "subject"
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
