"""What happens to schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.timeline.event import Event


@dataclass(frozen=True, slots=True)
class ScheduleSaved(Event):
    kind = "schedule.saved"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OverrideAdded(Event):
    """From `start` until `end`, `member` is on call instead of whoever the rotations say."""

    kind = "schedule.override_added"
    override: str = ""
    member: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class OverrideRemoved(Event):
    kind = "schedule.override_removed"
    override: str = ""
