"""Ask schedules who is on call: every screen, message and page asks here."""

from __future__ import annotations

from datetime import datetime

from holdfast.kernel.errors import NotFound
from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.schedules import coverage, overlay, store
from holdfast.schedules.model import Problem, Schedule, Shift


class NoSuchSchedule(NotFound):
    """There is no schedule by that id."""


def schedules(tx: Tx) -> dict[str, Schedule]:
    """All schedules by id, in the order of names."""
    return tx.remember("schedules", lambda: store.find(tx))


def find_schedule(tx: Tx, schedule_id: str) -> Schedule | None:
    if tx.remembers("schedules"):
        return schedules(tx).get(schedule_id)
    key = ("schedule", schedule_id)
    return tx.remember(key, lambda: store.find(tx, schedule_id).get(schedule_id))


def schedule(tx: Tx, schedule_id: str) -> Schedule:
    """Raises NoSuchSchedule."""
    found = find_schedule(tx, schedule_id)
    if found is None:
        raise NoSuchSchedule(f"There is no schedule “{schedule_id[:80]}”.")
    return found


def on_call(tx: Tx, schedule_id: str, at: datetime) -> Shift | None:
    """Who is on call at that instant, until when and why; None where there is no such schedule."""

    def resolve() -> Shift | None:
        found = find_schedule(tx, schedule_id)
        return None if found is None else overlay.resolve(found, at)

    return tx.remember(("on_call", schedule_id, at), resolve)  # a storm asks hundreds of times


def shifts(tx: Tx, schedule_id: str, span: Span) -> list[Shift]:
    """The whole span without holes; where nobody is on call, `user` is None."""
    return overlay.shifts(schedule(tx, schedule_id), span)


def problems_ahead(
    tx: Tx, at: datetime, days: int = coverage.LOOK_AHEAD_DAYS
) -> dict[str, list[Problem]]:
    """By schedule, what the coming days hold: gaps and clock changes."""
    return {name: coverage.look_ahead(found, at, days) for name, found in schedules(tx).items()}


def members(tx: Tx, schedule_id: str) -> list[str]:
    """Everybody who has a turn in it at any time, each once."""
    found = find_schedule(tx, schedule_id)
    if found is None:
        return []
    names = [m for r in found.rotations for m in r.members if m is not None]
    return list(dict.fromkeys([*names, *(o.member for o in found.overrides)]))
