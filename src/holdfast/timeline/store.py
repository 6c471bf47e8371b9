"""Tables of the timeline: events, and the seals that chain them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Index,
    Table,
    Text,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Counter, Instant, Json, Name
from holdfast.timeline.event import Recorded

events = Table(
    "events",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("actor", Name, nullable=False),
    Column("data", Json, nullable=False),
    Column("position", Counter),
)
Index("ix_events_subject", events.c.subject, events.c.at)
Index("ix_events_at", events.c.at)
Index("ix_events_unsealed", events.c.at, events.c.id, sqlite_where=events.c.position.is_(None),
      postgresql_where=events.c.position.is_(None))

seals = Table(
    "seals",
    METADATA,
    Column("position", Counter, primary_key=True, autoincrement=False),
    Column("event", Name, nullable=False),
    Column("digest", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# The end of the chain; whoever seals locks this row.
chain_heads = Table(
    "chain_heads",
    METADATA,
    Column("name", Name, primary_key=True),
    Column("position", Counter, nullable=False),
    Column("hash", Text, nullable=False),
)
TIMELINE = "timeline"


def append(tx: Tx, rows: list[Recorded]) -> None:
    tx.execute(
        _APPEND,
        [
            {"id": event.id, "at": event.at, "kind": event.kind, "subject": event.subject,
             "actor": event.actor, "data": event.data}
            for event in rows
        ],
    )  # fmt: skip


def take_head(tx: Tx) -> tuple[int, str] | None:
    """The chain's end, locked; None while another node seals."""
    row = tx.execute(_TAKE_HEAD).one_or_none()
    return None if row is None else (row.position, row.hash)


def head(tx: Tx) -> tuple[int, str]:
    row = tx.execute(select(chain_heads).where(chain_heads.c.name == TIMELINE)).one()
    return row.position, row.hash


def unsealed(tx: Tx, limit: int) -> list[Recorded]:
    return [_recorded(row) for row in tx.execute(_UNSEALED, {"count": limit})]


def count_unsealed(tx: Tx) -> int:
    return int(
        tx.execute(
            select(func.count()).select_from(events).where(events.c.position.is_(None))
        ).scalar_one()
    )


def add_seals(tx: Tx, rows: list[tuple[int, str, str, str]], last: tuple[int, str]) -> None:
    """(position, event, digest, hash) each, and the chain's new end."""
    tx.execute(
        insert(seals),
        [{"position": p, "event": e, "digest": d, "hash": h} for p, e, d, h in rows],
    )
    tx.execute(_PLACE, [{"e": event, "p": position} for position, event, _, _ in rows])
    tx.execute(
        update(chain_heads)
        .where(chain_heads.c.name == TIMELINE)
        .values(position=last[0], hash=last[1])
    )


def sealed_after(
    tx: Tx, position: int, limit: int
) -> list[tuple[int, str, str, str, Recorded | None]]:
    """Seals in order with the events they seal; None where an event is gone."""
    rows = tx.execute(
        select(seals.c.position, seals.c.event, seals.c.digest, seals.c.hash, events)
        .select_from(seals.outerjoin(events, events.c.id == seals.c.event))
        .where(seals.c.position > position)
        .order_by(seals.c.position)
        .limit(limit)
    ).all()
    return [
        (row[0], row[1], row[2], row[3], _recorded(row, skip=4) if row[4] is not None else None)
        for row in rows
    ]


def count_placed(tx: Tx) -> int:
    return int(
        tx.execute(
            select(func.count()).select_from(events).where(events.c.position.is_not(None))
        ).scalar_one()
    )


def about(tx: Tx, subjects: list[str], limit: int) -> list[Recorded]:
    """The newest events about any of these subjects, oldest first."""
    rows = tx.execute(
        select(events)
        .where(events.c.subject.in_(subjects))
        .order_by(events.c.at.desc(), events.c.id.desc())
        .limit(limit)
    )
    return [_recorded(row) for row in rows][::-1]


def since(tx: Tx, at: datetime, limit: int) -> list[Recorded]:
    rows = tx.execute(
        select(events).where(events.c.at >= at).order_by(events.c.at, events.c.id).limit(limit)
    )
    return [_recorded(row) for row in rows]


def page_of(
    tx: Tx, *, before: tuple[datetime, str] | None, kinds: list[str], limit: int
) -> list[Recorded]:
    """Newest first, from just before a place in the order."""
    query = select(events).order_by(events.c.at.desc(), events.c.id.desc()).limit(limit)
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    if before is not None:
        at, name = before
        query = query.where(
            or_(events.c.at < at, (events.c.at == at) & (events.c.id < name))
        )
    return [_recorded(row) for row in tx.execute(query)]


def _recorded(row: object, skip: int = 0) -> Recorded:
    name, at, kind, subject, actor, data, position = tuple(row)[skip:]  # type: ignore[arg-type]
    return Recorded(name, at, kind, subject, actor, data, position)


_APPEND = insert(events)
_TAKE_HEAD = (
    select(chain_heads).where(chain_heads.c.name == TIMELINE).with_for_update(skip_locked=True)
)
_UNSEALED = (
    select(events)
    .where(events.c.position.is_(None))
    .order_by(events.c.at, events.c.id)
    .limit(bindparam("count"))
)
_PLACE = update(events).where(events.c.id == bindparam("e")).values(position=bindparam("p"))
