"""The table of the clocks of incidents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Integer, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.incidents.clocks.model import Clock
from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Name

incident_clocks = Table(
    "incident_clocks",
    METADATA,
    Column("incident", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("stopped_at", Instant),
    Column("breached_at", Instant),
    Column("breaches", Integer, nullable=False),
)


def take(tx: Tx, incident: str, name: str) -> Clock | None:
    """The clock, locked for this transaction; None where it never ran."""
    row = tx.execute(_TAKE, {"i": incident, "n": name}).one_or_none()
    return None if row is None else _clock(row)


def save(tx: Tx, clock: Clock) -> None:
    tx.execute(
        _SAVE,
        {
            "incident": clock.incident, "name": clock.name, "started_at": clock.started_at,
            "due_at": clock.due_at, "stopped_at": clock.stopped_at,
            "breached_at": clock.breached_at, "breaches": clock.breaches,
        },
    )  # fmt: skip


def of(tx: Tx, incidents: Sequence[str]) -> list[Clock]:
    """Every clock of these incidents, what is due first first."""
    query = (
        select(incident_clocks)
        .where(incident_clocks.c.incident.in_(list(incidents)))
        .order_by(incident_clocks.c.due_at, incident_clocks.c.name)
    )
    return [_clock(row) for row in tx.execute(query)]


def _clock(row: object) -> Clock:
    get = row.__getattribute__
    return Clock(**{name: get(name) for name in _COLUMNS})


_COLUMNS = [column.name for column in incident_clocks.columns]
_TAKE = (
    select(incident_clocks)
    .where(incident_clocks.c.incident == bindparam("i"), incident_clocks.c.name == bindparam("n"))
    .with_for_update()
)
_SAVE = (
    upsert(incident_clocks)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_update(
        index_elements=["incident", "name"],
        set_={name: bindparam(name) for name in _COLUMNS if name not in ("incident", "name")},
    )
)
