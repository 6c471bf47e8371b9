"""The calendar of a pack in YAML: time zone, working days, opening hours, holidays."""

from __future__ import annotations

import re
from datetime import date, time

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.kernel.zone import named_zone
from holdfast.practice.fields import Part
from holdfast.practice.model import Calendar

CALENDAR_FIELDS = ("time_zone", "weekdays", "opens", "closes", "holidays")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def calendar(part: Part) -> Calendar:
    """The calendar; closing must come after opening, and one day a week must be worked."""
    found = Calendar(
        time_zone=part.need("time_zone", _zone, "UTC"),
        weekdays=tuple(sorted(set(part.words("weekdays", _weekday, needed=True)))),
        opens=part.need("opens", _time, time(9)),
        closes=part.need("closes", _time, time(17)),
        holidays=tuple(sorted(set(part.words("holidays", _date)))),
    )
    if found.closes <= found.opens:
        part.wrong("closes", "the calendar closes before it opens.", 'Write closes: "17:00".')
    if not found.weekdays:
        part.wrong("weekdays", "the calendar has no working day.", "Write weekdays: [mon, tue].")
    return found


def _zone(found: str) -> str:
    return named_zone(found).key


def _weekday(found: str) -> int:
    if found not in WEEKDAYS:
        raise Invalid(f"{quoted(found)} is no weekday.", remedy=f"Use {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(found)


def _time(found: str) -> time:
    match = _TIME.fullmatch(found)
    if match is None:
        raise Invalid(f"{quoted(found)} is not a time of day.", remedy='Write it like "09:00".')
    return time(int(match[1]), int(match[2]))


def _date(found: str) -> date:
    try:
        if _DATE.fullmatch(found):
            return date.fromisoformat(found)
    except ValueError:
        pass  # the form is right and the day does not exist
    raise Invalid(f"{quoted(found)} is not a date.", remedy="Write it like 2026-12-25.")
