"""Two kinds of line become one list. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from holdfast.incidents.record.model import Entry, Line


def line(entry: Entry) -> Line:
    """An entry as a line of the list."""
    return Line(
        id=entry.id,
        at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        text=entry.text,
        author=entry.author,
        about=entry.about or entry.amends,
        milestone=entry.milestone,
        entry=entry,
    )


def ordered(lines: Iterable[Line]) -> list[Line]:
    """By when it happened, oldest first; what happened at one instant as it was written.

    Entries and events count their ids together, so what follows the prefix orders both.
    """
    return sorted(lines, key=lambda each: (each.at, each.id.partition("_")[2]))


def place(at: datetime, name: str, prefix: str) -> tuple[datetime, str]:
    """A place in the list, as the rows of one of the two kinds have it."""
    return at, f"{prefix}_{name.partition('_')[2]}"


def newest(lines: Iterable[Line], count: int) -> list[Line]:
    """The newest `count` of them, oldest first."""
    return ordered(lines)[-count:]
