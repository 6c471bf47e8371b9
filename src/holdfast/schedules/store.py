"""Tables of schedules and their overrides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import Column, Index, Table, Text, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.kernel.span import Span
from holdfast.kernel.tx import Tx
from holdfast.schedules.model import Handoff, Hours, Override, Rotation, Schedule, Unit
from holdfast.storage.types import METADATA, Instant, Json, Name

schedules = Table(
    "schedules",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", Name, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("rotations", Json, nullable=False),
)

overrides = Table(
    "overrides",
    METADATA,
    Column("schedule", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("member", Name, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
)
Index("ix_overrides_member", overrides.c.member, overrides.c.end_at)

_NEXT = timedelta(microseconds=1)  # those of one transaction keep their order


def find(tx: Tx, only: str | None = None) -> dict[str, Schedule]:
    """By id, in the order of names: all of them, or that one."""
    query = select(schedules).order_by(schedules.c.name, schedules.c.id)
    standing_in = select(overrides).order_by(overrides.c.made_at, overrides.c.id)
    if only is not None:
        query = query.where(schedules.c.id == only)
        standing_in = standing_in.where(overrides.c.schedule == only)
    replaced: dict[str, list[Override]] = {}
    for row in tx.execute(standing_in):
        replaced.setdefault(row.schedule, []).append(
            Override(row.id, row.member, Span(row.start_at, row.end_at))
        )
    return {
        row.id: Schedule(
            id=row.id,
            name=row.name,
            team=row.team,
            time_zone=row.time_zone,
            rotations=tuple(_rotation_in(stored) for stored in row.rotations),
            overrides=tuple(replaced.get(row.id, ())),
        )
        for row in tx.execute(query)
    }


def save(tx: Tx, schedule: Schedule) -> None:
    """Writes the schedule and its rotations; overrides have a life of their own."""
    row = {
        "name": schedule.name, "team": schedule.team, "time_zone": schedule.time_zone,
        "rotations": [_rotation_out(rotation) for rotation in schedule.rotations],
    }  # fmt: skip
    tx.execute(
        upsert(schedules)
        .values(id=schedule.id, **row)
        .on_conflict_do_update(index_elements=["id"], set_=row)
    )


def remove(tx: Tx, schedule: str) -> None:
    tx.execute(delete(overrides).where(overrides.c.schedule == schedule))
    tx.execute(delete(schedules).where(schedules.c.id == schedule))


def add_override(tx: Tx, schedule: str, override: Override) -> None:
    """Adds it as the newest: where overrides overlap, the newest wins."""
    remove_override(tx, schedule, override.id)
    newest = tx.execute(
        select(func.max(overrides.c.made_at)).where(overrides.c.schedule == schedule)
    ).scalar_one()
    made_at = max(tx.now, cast(datetime, newest) + _NEXT) if newest else tx.now
    tx.execute(
        insert(overrides),
        {"schedule": schedule, "id": override.id, "member": override.member,
         "start_at": override.span.start, "end_at": override.span.end, "made_at": made_at},
    )  # fmt: skip


def remove_override(tx: Tx, schedule: str, override: str) -> int:
    return tx.execute(
        delete(overrides).where(overrides.c.schedule == schedule, overrides.c.id == override)
    ).rowcount


def remove_overrides_before(tx: Tx, at: datetime) -> int:
    return tx.execute(delete(overrides).where(overrides.c.end_at < at)).rowcount


def _rotation_out(rotation: Rotation) -> dict[str, object]:
    handoff = rotation.handoff
    return {
        "id": rotation.id,
        "members": list(rotation.members),
        "every": handoff.every, "unit": handoff.unit.value, "weekday": handoff.weekday,
        "at": handoff.at.isoformat(),
        "starts": rotation.starts.isoformat(),
        "until": None if rotation.until is None else rotation.until.isoformat(),
        "hours": [
            [sorted(hours.days), hours.start.isoformat(), hours.end.isoformat()]
            for hours in rotation.hours
        ],
    }  # fmt: skip


def _rotation_in(stored: dict[str, object]) -> Rotation:
    until = cast(str | None, stored["until"])
    hours = cast(list[tuple[list[int], str, str]], stored["hours"])
    return Rotation(
        id=str(stored["id"]),
        members=tuple(cast(list[str | None], stored["members"])),
        handoff=Handoff(
            every=cast(int, stored["every"]),
            unit=Unit(str(stored["unit"])),
            weekday=cast(int | None, stored["weekday"]),
            at=time.fromisoformat(str(stored["at"])),
        ),
        starts=date.fromisoformat(str(stored["starts"])),
        hours=tuple(
            Hours(frozenset(days), time.fromisoformat(start), time.fromisoformat(end))
            for days, start, end in hours
        ),
        until=None if until is None else date.fromisoformat(until),
    )
