"""Schedules as people write them: `every: 1w`, `on: monday`, `at: "09:00"`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.schedules.model import Unit

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_LETTERS = {"h": Unit.HOURS, "d": Unit.DAYS, "w": Unit.WEEKS}
_EVERY = re.compile(r"([0-9]{1,5})([hdw])", re.ASCII)
_ISO_EVERY = re.compile(r"P(?:T([0-9]{1,5})(H)|([0-9]{1,5})([DW]))", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_MIDNIGHT_AT_THE_END = "24:00"


def parse_every(text: str) -> tuple[int, Unit]:
    """Reads how long a turn is: 12h, 1d, 2w, or PT12H, P1D, P2W. Raises Invalid.

    24h and 1d are not the same: hours are elapsed time, a day ends at the same time of day.
    """
    match = _EVERY.fullmatch(text.strip()) or _ISO_EVERY.fullmatch(text.strip())
    if match is None:
        raise Invalid(
            f"{quoted(text)} is not the length of a turn.",
            remedy="Write hours, days or weeks, such as 12h, 1d or 1w.",
        )
    count, letter = (part for part in match.groups() if part is not None)
    return int(count), _LETTERS[letter.lower()]


def format_every(every: int, unit: Unit) -> str:
    """As `parse_every` reads it."""
    return f"{every}{unit[0]}"


def parse_weekday(text: str) -> int:
    """Reads monday or mon, in any case, as 0 for Monday to 6. Raises Invalid."""
    name = text.strip().lower()
    for number, weekday in enumerate(WEEKDAYS):
        if name in (weekday, weekday[:3]):
            return number
    raise Invalid(
        f"{quoted(text)} is not a weekday.", remedy="Write monday to sunday, or mon to sun."
    )


def format_weekday(weekday: int) -> str:
    """The weekday of a hand-off, such as monday."""
    return WEEKDAYS[weekday]


def format_days(days: Iterable[int]) -> list[str]:
    """The weekdays of restricted hours in order, such as mon, tue."""
    return [WEEKDAYS[day][:3] for day in sorted(days)]


def parse_time(text: str) -> time:
    """Reads a time of day, 00:00 to 23:59. Raises Invalid."""
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Invalid(
            f"{quoted(text)} is not a time of day.",
            remedy='Write hours and minutes in quotation marks, such as "09:00".',
        )
    return time(int(match[1]), int(match[2]))


def parse_end(text: str) -> time:
    """As `parse_time` for the end of restricted hours, where 24:00 is the end of that day."""
    return time(0, 0) if text.strip() == _MIDNIGHT_AT_THE_END else parse_time(text)


def format_time(at: time) -> str:
    """As `parse_time` reads it."""
    return f"{at:%H:%M}"


def format_end(end: time) -> str:
    """As `parse_end` reads it."""
    return _MIDNIGHT_AT_THE_END if end == time(0, 0) else format_time(end)
