"""Durations as people write them: 90s, 5m, 1h30m, 2d, 1w, or ISO 8601 such as PT15M."""

from __future__ import annotations

import re
from datetime import timedelta

from holdfast.kernel.errors import Invalid
from holdfast.kernel.quote import quoted

DURATION_CHARS_MAX = 32
DURATION_MAX = timedelta(days=3660)
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
# At most six digits a part keeps every sum far from what a timedelta cannot hold (promises e5).
_SHORT = re.compile("".join(rf"(?:(\d{{1,6}}){unit})?" for unit in _SECONDS), re.ASCII)
_ISO = re.compile(
    r"P(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?",
    re.ASCII,
)
_REMEDY = "Write 90s, 5m, 1h30m, 2d, 1w or PT15M."


class NotADuration(Invalid):
    """That is not a duration: write 90s, 5m, 1h30m, 2d, 1w or PT15M."""


def parse_duration(text: str) -> timedelta:
    """Reads one duration, zero to DURATION_MAX. Raises NotADuration."""
    cleaned = text.strip() if len(text) <= DURATION_CHARS_MAX else ""
    match = _SHORT.fullmatch(cleaned) or _ISO.fullmatch(cleaned)
    if match is None or not any(part is not None for part in match.groups()):
        raise NotADuration(f"{quoted(text)} is not a duration.", remedy=_REMEDY)
    seconds = sum(
        int(part) * unit
        for part, unit in zip(match.groups(), _SECONDS.values(), strict=True)
        if part is not None
    )
    if seconds > DURATION_MAX.total_seconds():
        raise NotADuration("A duration is ten years at the most.", remedy=_REMEDY)
    return timedelta(seconds=seconds)


def format_duration(duration: timedelta) -> str:
    """As `parse_duration` reads it, such as 1h30m: greatest unit first, whole seconds only."""
    left = int(duration.total_seconds())
    assert left >= 0, "a duration has no sign"
    if left == 0:
        return "0m"
    parts = []
    for unit, seconds in _SECONDS.items():
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)
