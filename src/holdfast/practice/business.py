"""Working hours: when a business day ends, and when so much working time has passed. Pure.

Wall times that the clocks skip or repeat are read as kernel/zone.py says (promises R47).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from holdfast.kernel.zone import instant, named_zone, wall
from holdfast.practice.model import Calendar, Hours, Level

DAYS_LOOKED_AT_MAX = 400  # a calendar of holidays alone must not be walked for ever
_DAY = timedelta(days=1)


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Whether people work at that instant; the end of the day is not a part of it."""
    local = wall(at, named_zone(calendar.time_zone))
    works = _works(local.date(), calendar)
    return works and calendar.opens <= local.time() < calendar.closes


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """That instant where people work, else the next morning on which they do, in UTC."""
    if is_open(at, calendar):
        return at
    local = wall(at, named_zone(calendar.time_zone))
    day = local.date()
    if not (_works(day, calendar) and local.time() < calendar.opens):
        day = _working_day_after(day, calendar)
    return _at(day, calendar.opens, calendar)


def end_of_business_day(at: datetime, days: int, calendar: Calendar) -> datetime:
    """The end of the n-th business day after that instant's day; 1 is the next one.

    Friday 17:30 with 1 is Monday's end, or Tuesday's where Monday is a holiday (ledger S1-11).
    """
    day = wall(at, named_zone(calendar.time_zone)).date()
    for _ in range(days):
        day = _working_day_after(day, calendar)
    return _at(day, calendar.closes, calendar)


def after(at: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """The instant at which so much working time has passed since `at`; nights do not count."""
    now = next_opening(at, calendar)
    left = span
    for _ in range(DAYS_LOOKED_AT_MAX):
        day = wall(now, named_zone(calendar.time_zone)).date()
        closing = _at(day, calendar.closes, calendar)
        if now + left <= closing:
            return now + left
        left -= closing - now
        now = next_opening(closing, calendar)
    return now + left


def due(level: Level, at: datetime, span: timedelta, calendar: Calendar) -> datetime:
    """When a clock that starts at `at` runs out: in business hours where the level is answered
    then, else by the clock on the wall."""
    return after(at, span, calendar) if level.hours is Hours.BUSINESS else at + span


def deadline(
    at: datetime, span: timedelta | None, days: int | None, calendar: Calendar
) -> datetime | None:
    """When something that a level states as a span or as business days is owed; None if never."""
    if days is not None:
        return end_of_business_day(at, days, calendar)
    return None if span is None else at + span


def _works(day: date, calendar: Calendar) -> bool:
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def _working_day_after(day: date, calendar: Calendar) -> date:
    for _ in range(DAYS_LOOKED_AT_MAX):
        day += _DAY
        if _works(day, calendar):
            break
    return day


def _at(day: date, clock: time, calendar: Calendar) -> datetime:
    return instant(datetime.combine(day, clock), named_zone(calendar.time_zone))
