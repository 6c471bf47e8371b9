"""Reading the instants that senders write: many shapes, some broken, none of them fatal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

INSTANT_CHARS_MAX = 64
YEAR_MIN = 1970
YEAR_MAX = 2099

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A bare number may count seconds or parts of them: the unit is the one in which it falls here.
_NUMBER_FROM_S = 1_262_304_000  # 2010-01-01
_NUMBER_UNTIL_S = 4_102_444_800  # 2100-01-01
_UNITS_PER_S = (1, 10**3, 10**6, 10**9)

_NUMBER = re.compile(r"\d{9,20}(?:\.\d{1,12})?", re.ASCII)
# Java writes +0000, an old client of PagerDuty +00:00Z, and Go prints “+0000 UTC”.
_WRITTEN = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[Tt ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
    r" ?(?:(?P<sign>[+-])(?P<off_hour>\d\d):?(?P<off_minute>\d\d)?)?(?: ?(?:[Zz]|UTC))?)?",
    re.ASCII,
)


def parse_instant(value: object) -> datetime | None:
    """The instant that a sender meant, in UTC, or None; never raises (promises e4).

    Reads RFC 3339 and its common misspellings, and Unix time in seconds, milli-, micro- or
    nanoseconds as a number or as digits. A missing offset means UTC; a leap second is the second
    before it. None for years outside YEAR_MIN to YEAR_MAX, which are mistakes or “not set”.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, str):
        return _from_text(value.strip()) if len(value) <= INSTANT_CHARS_MAX else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    return None


def _from_text(text: str) -> datetime | None:
    if _NUMBER.fullmatch(text):
        return _from_number(float(text) if "." in text else int(text))
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict(default="0")
    try:
        offset = timedelta(hours=int(part["off_hour"]), minutes=int(part["off_minute"]))
        written = datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            int(part["hour"]),
            int(part["minute"]),
            59 if part["second"] == "60" else int(part["second"]),
            int(part["fraction"].ljust(6, "0")[:6]),
            tzinfo=timezone(-offset if part["sign"] == "-" else offset),
        )
    except ValueError:
        return None
    return _in_utc(written)


def _from_number(number: float) -> datetime | None:
    for unit in _UNITS_PER_S:
        if _NUMBER_FROM_S * unit <= number < _NUMBER_UNTIL_S * unit:
            return _EPOCH + timedelta(microseconds=int(number * 10**6 // unit))
    return None


def _in_utc(written: datetime) -> datetime | None:
    if not YEAR_MIN <= written.year <= YEAR_MAX:
        return None
    if written.tzinfo is None:
        return written.replace(tzinfo=UTC)
    return written.astimezone(UTC)
