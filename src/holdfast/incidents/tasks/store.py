"""The table of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import cast

from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.tasks.model import Kind, Report, Task, TaskState
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Json, Name

incident_tasks = Table(
    "incident_tasks",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("incident", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("to", Name),
    Column("text", Text, nullable=False),
    Column("given_by", Name, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", Name, nullable=False),
    Column("critical", Integer, nullable=False),
    Column("read_back", Text, nullable=False),
    Column("read_back_at", Instant),
    Column("ended_at", Instant),
    Column("ended_by", Name),
    Column("result", Text, nullable=False),
    Column("report", Json),
)
Index("ix_incident_tasks_incident", incident_tasks.c.incident, incident_tasks.c.given_at)


def save(tx: Tx, task: Task) -> None:
    tx.execute(_SAVE, {
        **{name: getattr(task, name) for name in _COLUMNS},
        "kind": task.kind.value, "state": task.state.value, "critical": int(task.critical),
        "report": None if task.report is None else asdict(task.report),
    })  # fmt: skip


def of(tx: Tx, incident: str) -> list[Task]:
    """Every task of one incident, in the order in which they were given."""
    rows = tx.execute(
        select(incident_tasks)
        .where(incident_tasks.c.incident == incident)
        .order_by(incident_tasks.c.given_at, incident_tasks.c.id)
    )
    return [_task(row) for row in rows]


def take(tx: Tx, task_id: str) -> Task | None:
    """The task, locked for this transaction."""
    row = tx.execute(_TAKE, {"i": task_id}).one_or_none()
    return None if row is None else _task(row)


def _task(row: object) -> Task:
    get = row.__getattribute__
    report = cast(Mapping[str, str] | None, get("report"))
    plain = {name: get(name) for name in _PLAIN}
    return Task(
        **plain,
        kind=Kind(get("kind")),
        state=TaskState(get("state")),
        critical=bool(get("critical")),
        report=None if report is None else Report(**report),
    )


_COLUMNS = [column.name for column in incident_tasks.columns]
_PLAIN = [name for name in _COLUMNS if name not in ("kind", "state", "critical", "report")]
_TAKE = select(incident_tasks).where(incident_tasks.c.id == bindparam("i")).with_for_update()
_SAVE = (
    upsert(incident_tasks)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_update(
        index_elements=["id"], set_={n: bindparam(n) for n in _COLUMNS if n != "id"}
    )
)
