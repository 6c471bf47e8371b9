"""What happens to the instance as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.timeline.event import Event

INSTANCE = "holdfast"  # the subject of these events


@dataclass(frozen=True, slots=True)
class InstanceReleased(Event):
    """The hold after a restore is over: a person has looked."""

    kind = "instance.released"
    why: str = ""
