"""The instants that people and programs write in a query or a body."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted
from holdfast.kernel.zone import instant, named_zone
from holdfast.schedules.validity import in_reach

INSTANT_CHARS_MAX = 80
# In a query an unescaped + is a space: 2026-11-16T09:00:00 01:00.
_PLUS_LOST = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)", re.ASCII)
_ZONE_NAMED = re.compile(r"(.+\d) ([A-Za-z][A-Za-z0-9_+\-/]*)", re.ASCII)
_REMEDY = "Write 2026-11-16T09:00:00Z, or with an offset such as +01:00."

Resolve = Callable[[datetime, ZoneInfo], datetime]


def read_instant(
    text: str, field: str, *, zone: ZoneInfo | None = None, resolve: Resolve = instant
) -> datetime:
    """RFC 3339 with Z or an offset, or `2026-12-25 03:00 Europe/Rome`, as an instant in UTC.

    A time without an offset is wall time in `zone`, made an instant by `resolve`. Raises Invalid,
    naming `field`, for what is no instant, has no zone, or lies too far away.
    """
    written = text.strip()
    # Python's own reader takes a NUL at the end for nothing.
    if len(text) > INSTANT_CHARS_MAX or not text.isprintable():
        raise _not_an_instant(text, field)
    if match := _ZONE_NAMED.fullmatch(written):
        written, zone = match[1], named_zone(match[2])
    elif match := _PLUS_LOST.fullmatch(written):
        written = f"{match[1]}+{match[2]}"
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise _not_an_instant(text, field) from None
    if read.tzinfo is not None:
        return in_reach(read)
    if zone is None:
        raise Invalid(
            f"{quoted(text)} does not say in which time zone it is.",
            remedy=_REMEDY,
            fields={field: "add Z or an offset"},
        )
    in_reach(read.replace(tzinfo=UTC))
    return in_reach(resolve(read, zone))


def _not_an_instant(text: str, field: str) -> Invalid:
    return Invalid(
        f"{quoted(text)} is not an instant.", remedy=_REMEDY, fields={field: "not an instant"}
    )
