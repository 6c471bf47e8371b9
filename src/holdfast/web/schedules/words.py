"""What the schedule screens say where a value decides the sentence."""

from __future__ import annotations

from datetime import datetime
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
