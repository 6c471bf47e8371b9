"""Whether an entry's instant can be true, and what about it is unusual. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdfast.incidents.record.model import EntryKind

AHEAD_TOLERATED = timedelta(minutes=1)  # clocks of phones differ
SKEW_WARNED = timedelta(seconds=30)
LATE_AFTER = timedelta(minutes=10)
BEFORE_MAX = timedelta(days=30)  # how long before the impact a change may have been made


@dataclass(frozen=True, slots=True)
class TimeFacts:
    """When something is said to have happened, and what is known. Instants are UTC.

    `impact_started_at` None: nobody has said when the impact began, so nothing is too early but
    what lies a month back. `sent_at`: the writer's own clock as the entry was sent.
    """

    kind: EntryKind
    occurred_at: datetime
    precision: timedelta
    now: datetime
    impact_started_at: datetime | None
    impact_precision: timedelta = timedelta()
    sent_at: datetime | None = None


def too_early(facts: TimeFacts) -> datetime | None:
    """The earliest instant that would be plausible, where the entry lies before it; else None."""
    start = facts.impact_started_at
    if start is None or facts.kind is EntryKind.CHANGE:
        earliest = (start or facts.now) - BEFORE_MAX
    else:
        earliest = start - facts.impact_precision
    return earliest if facts.occurred_at + facts.precision < earliest else None


def in_the_future(facts: TimeFacts) -> bool:
    return facts.occurred_at - facts.precision > facts.now + AHEAD_TOLERATED


def marks(facts: TimeFacts) -> tuple[str, ...]:
    """`late`: written down long after it happened. `skew`: the writer's clock is not ours."""
    found = []
    if facts.now - facts.occurred_at > LATE_AFTER:
        found.append("late")
    if abs(_skew(facts)) > SKEW_WARNED:
        found.append("skew")
    return tuple(found)


def _skew(facts: TimeFacts) -> timedelta:
    if facts.sent_at is not None:
        return facts.sent_at - facts.now
    return max(facts.occurred_at - facts.precision - facts.now, timedelta())
