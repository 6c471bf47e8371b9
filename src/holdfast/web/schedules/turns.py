"""Who is on call now and next, by the one function that pages too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.kernel.span import Span
from holdfast.schedules.model import Schedule, Shift
from holdfast.schedules.overlay import HORIZON, resolve, shifts

NEXT_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's time, or nobody's: neighbouring shifts of the same person are one.

    `end` None where it does not end within what is looked at.
    """

    user: str | None
    start: datetime
    end: datetime | None
    why: str


def turn_at(schedule: Schedule, at: datetime) -> Turn:
    """Whoever is on call at that instant."""
    return _joined(schedule, resolve(schedule, at))


def next_turn(schedule: Schedule, turn: Turn) -> Turn | None:
    """The turn after that one; None where none begins in sight."""
    return None if turn.end is None else turn_at(schedule, turn.end)


def turns_of(schedule: Schedule, user: str, at: datetime, within: timedelta) -> list[Turn]:
    """The turns of one person that have not ended at that instant, in order."""
    found: list[Turn] = []
    for shift in shifts(schedule, Span(at, at + within)):
        if shift.user != user:
            continue
        if found and found[-1].end == shift.span.start:
            found[-1] = Turn(user, found[-1].start, shift.span.end, found[-1].why)
        else:
            found.append(Turn(user, shift.span.start, shift.span.end, shift.why))
    return found


def _joined(schedule: Schedule, shift: Shift) -> Turn:
    """A hand-off to oneself is none: the turn goes on. Looked for as far as HORIZON."""
    start, end = shift.span.start, shift.span.end
    limit = end + HORIZON
    for following in shifts(schedule, Span(end, limit)):
        if following.user != shift.user:
            return Turn(shift.user, start, end, shift.why)
        end = following.span.end
    return Turn(shift.user, start, None, shift.why)
