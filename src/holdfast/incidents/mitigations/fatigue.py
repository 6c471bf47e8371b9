"""Who is too tired to do something risky alone (part 2.2, number 14). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WOKEN_WITHIN = timedelta(minutes=15)
IN_ROLE_AFTER = timedelta(hours=4)
NIGHT_FROM, NIGHT_UNTIL = time(22), time(7)


@dataclass(frozen=True, slots=True)
class Duty:
    """What one person did lately: pages they answered, and since when they hold each role."""

    zone: ZoneInfo
    answered: Sequence[tuple[datetime, datetime]] = ()  # opened, answered
    roles_since: Sequence[datetime] = ()


def tired(duty: Duty, now: datetime) -> str:
    """Why they should not do it alone, in words; empty where nothing speaks against it."""
    for opened_at, answered_at in duty.answered:
        if now - answered_at < WOKEN_WITHIN and _is_night(opened_at.astimezone(duty.zone)):
            minutes = int((now - answered_at).total_seconds() // 60)
            return f"was woken {minutes} minutes ago"
    longest = max((now - since for since in duty.roles_since), default=timedelta())
    if longest > IN_ROLE_AFTER:
        return f"has been in a role for more than {IN_ROLE_AFTER.seconds // 3600} hours"
    return ""


def _is_night(local: datetime) -> bool:
    return local.time() >= NIGHT_FROM or local.time() < NIGHT_UNTIL
