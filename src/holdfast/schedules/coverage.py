"""Where nobody is on call, and what else a person should know about the weeks ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from holdfast.kernel.errors import Invalid
from holdfast.kernel.span import Span
from holdfast.kernel.zone import change_between, offset
from holdfast.schedules import words
from holdfast.schedules.model import ClockChange, Problem, ProblemKind, Schedule
from holdfast.schedules.overlay import shifts, zone_of

LOOK_AHEAD_DAYS = 30
LOOK_AHEAD_DAYS_MAX = 366
GAPS_NAMED_MAX = 100

# No country changed its clocks twice within a day; Ramadan's two changes are a month apart.
_PROBE = timedelta(hours=12)


def gaps(schedule: Schedule, span: Span) -> list[Span]:
    """The spans in which nobody is on call, whatever the reasons, in order and apart."""
    found: list[Span] = []
    for shift in shifts(schedule, span):
        if shift.user is not None:
            continue
        if found and found[-1].end == shift.span.start:
            found[-1] = Span(found[-1].start, shift.span.end)
        else:
            found.append(shift.span)
    return found


def look_ahead(schedule: Schedule, now: datetime, days: int = LOOK_AHEAD_DAYS) -> list[Problem]:
    """What is wrong or unusual in the days from `now` on, in order of time, in words.

    Names at most GAPS_NAMED_MAX gaps, and says how many more there are. Raises Invalid
    (ledger S4-79).
    """
    if not 1 <= days <= LOOK_AHEAD_DAYS_MAX:
        raise Invalid(
            "That is not a number of days to look ahead.",
            remedy=f"Use 1 to {LOOK_AHEAD_DAYS_MAX} days.",
            fields={"days": f"use 1 to {LOOK_AHEAD_DAYS_MAX}"},
        )
    span = Span(now, now + timedelta(days=days))
    zone = zone_of(schedule)
    if zone is None:
        said = words.unknown_zone(schedule.time_zone)
        return [Problem(ProblemKind.TIME_ZONE, span, said)]
    found = [*_gap_problems(schedule, span, zone), *_clock_problems(span, zone)]
    return sorted(found, key=lambda problem: (problem.span.start, problem.kind))


def clock_changes(zone: ZoneInfo, span: Span) -> list[ClockChange]:
    """Every instant of the span at which the clocks of that zone jump."""
    found = []
    # One second early, so that a change at the very start of the span is in it.
    low = span.start - timedelta(seconds=1)
    while low < span.end:
        high = min(low + _PROBE, span.end)
        delta = offset(high, zone) - offset(low, zone)
        at = change_between(low, high, zone) if delta else span.end
        if span.covers(at):
            found.append(ClockChange(at, delta))
        low = high
    return found


def _gap_problems(schedule: Schedule, span: Span, zone: ZoneInfo) -> Iterator[Problem]:
    found = gaps(schedule, span)
    for gap in found[:GAPS_NAMED_MAX]:
        yield Problem(ProblemKind.GAP, gap, words.gap(gap, span, zone))
    rest = found[GAPS_NAMED_MAX:]
    if rest:
        unnamed = Span(rest[0].start, rest[-1].end)
        yield Problem(ProblemKind.GAP, unnamed, words.more_gaps(len(rest)))


def _clock_problems(span: Span, zone: ZoneInfo) -> Iterator[Problem]:
    for change in clock_changes(zone, span):
        said = words.clock_change(change.at, change.delta, zone)
        jumped = Span(change.at, change.at + abs(change.delta))
        yield Problem(ProblemKind.CLOCK_CHANGE, jumped, said)
