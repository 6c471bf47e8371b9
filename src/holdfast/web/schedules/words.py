"""What the schedule screens say where a value decides the sentence."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from holdfast.web.layout.words import clock_time, day, listing
from holdfast.web.schedules.views import Bar, GridRow

NOBODY = "Nobody"
EMPTY_SLOT = "Empty on purpose"
UNITS = (("hours", "hours"), ("days", "days"), ("weeks", "weeks"))
WEEKDAYS = (
    ("mon", "Monday", "Mon"), ("tue", "Tuesday", "Tue"), ("wed", "Wednesday", "Wed"),
    ("thu", "Thursday", "Thu"), ("fri", "Friday", "Fri"), ("sat", "Saturday", "Sat"),
    ("sun", "Sunday", "Sun"),
)  # fmt: skip
PROBLEM_CLASSES = {"gap": "bad", "time_zone": "bad", "clock_change": "info", "other": "warn"}
PROBLEM_ICONS = {
    "gap": "triangle-alert",
    "time_zone": "circle-alert",
    "clock_change": "clock",
    "other": "circle-alert",
}


def span(start: datetime, end: datetime, zone: str) -> str:
    """`Sun 25 Oct 21:00 to Mon 26 Oct 01:30`, in the zone the grid is drawn in."""
    place = ZoneInfo(zone)
    last = clock_time(end, place)
    if start.astimezone(place).date() != end.astimezone(place).date():
        last = f"{day(end, place)} {last}"
    return f"{day(start, place)} {clock_time(start, place)} to {last}"


def who(bar: Bar) -> str:
    if bar.who is not None:
        return f"{bar.who.name}, you" if bar.who.me else bar.who.name
    return NOBODY if bar.kind == "gap" else EMPTY_SLOT


def row_in_words(row: GridRow) -> str:
    """For a screen reader, before the shifts of the row."""
    gaps = sum(bar.kind == "gap" for bar in row.bars)
    parts = [row.label, row.detail]
    if gaps:
        parts.append("1 gap" if gaps == 1 else f"{gaps} gaps")
    return ", ".join(part for part in parts if part)


def used_by(names: tuple[str, ...]) -> str:
    return f"Paged through {listing(names)}" if names else "No policy pages this schedule yet"


ON_CALL_ROW = "On call"
ON_CALL_DETAIL = "what it comes to"
OVERRIDES_ROW = "Overrides"
OVERRIDES_DETAIL = "win over every rotation"
NOW, NEXT, NO_ANSWER = "On call now", "Next", "If nobody answers"
NO_END = "no end in sight"
NO_NEXT = "no hand-off in sight"
GAP_TITLE = "Nobody is on call"
CLOCK_CHANGE_TITLE = "The clocks change"
TIME_ZONE_TITLE = "The time zone is not known"
OTHER_TITLE = "Look at this"
ZOOMS = ((1, "1 week"), (2, "2 weeks"), (4, "4 weeks"))
OVERRIDE_ADDED = "They are on call for that time."
OVERRIDE_REMOVED = "Removed. The rotations say again who is on call."
SAVED = "Saved."
DELETED = "Deleted."
NOBODY_CHOICE = "Nobody: an empty slot on purpose"
NOT_A_NUMBER = "Write a whole number."
NOT_A_DATE = "Choose a day."
SAME_AMOUNT = "as long as before, at other times"
FIRST_ROTATION = "rotation"


def until(end: datetime, zone: str) -> str:
    """`until Mon 26 Oct 09:00`, in the zone that the schedule is drawn in."""
    place = ZoneInfo(zone)
    return f"until {day(end, place)} {clock_time(end, place)}"


def since(start: datetime, end: datetime | None, zone: str) -> str:
    place = ZoneInfo(zone)
    said = f"from {day(start, place)} {clock_time(start, place)}"
    return said if end is None else f"{said}, {until(end, zone)}"


def pages_next(policy: str, after: str) -> str:
    return f"{after} later, by {policy}"


def of_schedule(schedule: str, title: str) -> str:
    return f"{schedule}: {title[:1].lower()}{title[1:]}"


def more_problems(count: int) -> str:
    return "and 1 more" if count == 1 else f"and {count} more"


def weeks(first: date, last: date) -> str:
    """`16 Nov to 29 Nov 2026`"""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    begins = f"{first.day} {months[first.month - 1]}"
    return f"{begins} to {last.day} {months[last.month - 1]} {last.year}"


def clock_change(way: str, hours: str) -> str:
    return f"Clocks go {way}, {hours} h day"


def every(count: int, unit: str) -> str:
    """`every week`, `every 12 hours`"""
    return f"every {unit.removesuffix('s')}" if count == 1 else f"every {count} {unit}"


def handed_off(turn: str, weekday: str | None, at: str) -> str:
    return f"{turn}, {weekday} {at}" if weekday else f"{turn}, {at}"


def more_time(length: str) -> str:
    return f"{length} more than before"


def less_time(length: str) -> str:
    return f"{length} less than before"
