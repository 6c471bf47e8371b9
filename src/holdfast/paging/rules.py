"""How one person wants to be reached: which rungs of the ladder are due. Pure."""

from __future__ import annotations

from datetime import datetime

from holdfast.people.model import Rung


def due_rungs(
    rungs: tuple[Rung, ...], opened_at: datetime, used: int, now: datetime
) -> tuple[Rung, ...]:
    """The rungs to use now. Those that fall due together are all used: people sleep through one."""
    return tuple(rung for rung in rungs[used:] if opened_at + rung.after <= now)


def next_rung_at(rungs: tuple[Rung, ...], opened_at: datetime, used: int) -> datetime | None:
    """When the next rung is due; None at the top of the ladder."""
    return opened_at + rungs[used].after if used < len(rungs) else None
