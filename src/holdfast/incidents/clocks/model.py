"""What a clock of an incident is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CLOCK = "incident.clock"  # the kind of its timer; the key is INCIDENT/NAME
CLOCK_NAME_CHARS_MAX = 80


@dataclass(frozen=True, slots=True)
class Clock:
    """One named clock. It runs until it is stopped, also after it ran out.

    `breached_at` is when it ran out in its present run, `breaches` how often it did in all.
    """

    incident: str
    name: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    breaches: int = 0

    @property
    def running(self) -> bool:
        return self.stopped_at is None


def timer_key(incident: str, name: str) -> str:
    """What the timer of that clock is called."""
    return f"{incident}/{name}"


def of_timer(key: str) -> tuple[str, str]:
    """The incident's id and the clock's name that a timer's key stands for."""
    incident, _, name = key.partition("/")
    return incident, name
