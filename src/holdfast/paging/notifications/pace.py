"""How much one person is told in a short while, so that nobody is flooded (ledger B16). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.paging.notifications.model import BURST_MAX, BURST_WINDOW


def room(told: Sequence[datetime], now: datetime) -> int:
    """How many more may go out now. `told`: when this person was told something, oldest first."""
    return max(0, BURST_MAX - len(_recent(told, now)))


def room_at(told: Sequence[datetime], now: datetime) -> datetime:
    """When the next one may go out: now, or when the oldest of the window is past."""
    recent = _recent(told, now)
    return now if len(recent) < BURST_MAX else recent[-BURST_MAX] + BURST_WINDOW


def _recent(told: Sequence[datetime], now: datetime) -> list[datetime]:
    return [at for at in told if at > now - BURST_WINDOW]
