"""Tables of the timeline: events, and the seals that chain them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

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
    # The order of writing: what one transaction says has one instant and an order all the same.
    Column("seq", Counter, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("kind", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("actor", Name, nullable=False),
    Column("data", Json, nullable=False),
    Column("position", Counter),
)
Index("ix_events_subject", events.c.subject, events.c.at)
Index("ix_events_at", events.c.at)
Index(
    "ix_events_unsealed",
    events.c.at,
    events.c.seq,
    sqlite_where=events.c.position.is_(None),
    postgresql_where=events.c.position.is_(None),
)

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
_SAID = [*(column for column in events.columns if column.name != "seq"), events.c.seq]


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain. `sealed` is the event, or None where it is gone."""

    position: int
    event: str
    digest: str
    hash: str
    sealed: Recorded | None


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
    return [_recorded(tuple(row)) for row in tx.execute(_UNSEALED, {"count": limit})]


def count_unsealed(tx: Tx) -> int:
    query = select(func.count()).select_from(events).where(events.c.position.is_(None))
    return cast(int, tx.execute(query).scalar_one())


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


def sealed_after(tx: Tx, position: int, limit: int) -> list[Seal]:
    """Seals in order with the events they seal."""
    rows = tx.execute(
        select(seals.c.position, seals.c.event, seals.c.digest, seals.c.hash, *_SAID)
        .select_from(seals.outerjoin(events, events.c.id == seals.c.event))
        .where(seals.c.position > position)
        .order_by(seals.c.position)
        .limit(limit)
    ).all()
    return [_seal(tuple(row)) for row in rows]


def unsealed_claim(tx: Tx) -> tuple[str, int] | None:
    """The first event that claims a place in the chain which no seal gives it."""
    row = tx.execute(
        select(events.c.id, events.c.position)
        .select_from(events.outerjoin(seals, seals.c.event == events.c.id))
        .where(events.c.position.is_not(None), seals.c.event.is_(None))
        .order_by(events.c.position, events.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.position)


def about(tx: Tx, subjects: list[str], limit: int) -> list[Recorded]:
    """The newest events about any of these subjects, oldest first."""
    rows = tx.execute(
        select(*_SAID)
        .where(events.c.subject.in_(subjects))
        .order_by(events.c.at.desc(), events.c.seq.desc())
        .limit(limit)
    )
    return [_recorded(tuple(row)) for row in rows][::-1]


def since(tx: Tx, at: datetime, limit: int) -> list[Recorded]:
    rows = tx.execute(
        select(*_SAID).where(events.c.at >= at).order_by(events.c.at, events.c.seq).limit(limit)
    )
    return [_recorded(tuple(row)) for row in rows]


def page_of(
    tx: Tx, *, before: tuple[datetime, str] | None, kinds: list[str], limit: int
) -> list[Recorded]:
    """Newest first, from just before a place in the order."""
    query = select(*_SAID).order_by(events.c.at.desc(), events.c.seq.desc()).limit(limit)
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    if before is not None:
        at, name = before
        seen = select(events.c.seq).where(events.c.id == name).scalar_subquery()
        query = query.where(or_(events.c.at < at, (events.c.at == at) & (events.c.seq < seen)))
    return [_recorded(tuple(row)) for row in tx.execute(query)]


def told(
    tx: Tx,
    subjects: list[str],
    *,
    before: tuple[datetime, str] | None,
    after: tuple[datetime, str] | None,
    kinds: list[str],
    without: list[str],
    limit: int,
) -> list[Recorded]:
    """Events about any of these, newest first, between two places; of these kinds, or of all but
    those in `without`."""
    query = select(*_SAID).where(events.c.subject.in_(subjects), events.c.kind.not_in(without))
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    if before is not None:
        at, name = before
        query = query.where(or_(events.c.at < at, (events.c.at == at) & (events.c.id < name)))
    if after is not None:
        at, name = after
        query = query.where(or_(events.c.at > at, (events.c.at == at) & (events.c.id > name)))
    ordered = query.order_by(events.c.at.desc(), events.c.id.desc()).limit(limit)
    return [_recorded(tuple(row)) for row in tx.execute(ordered)]


def _seal(columns: tuple[object, ...]) -> Seal:
    position, event, digest, sealed_hash, *sealed = columns
    return Seal(
        position=cast(int, position),
        event=str(event),
        digest=str(digest),
        hash=str(sealed_hash),
        sealed=None if sealed[0] is None else _recorded(tuple(sealed)),
    )


def _recorded(columns: tuple[object, ...]) -> Recorded:
    name, at, kind, subject, actor, data, position, seq = columns
    return Recorded(
        id=str(name),
        at=cast(datetime, at),
        kind=str(kind),
        subject=str(subject),
        actor=str(actor),
        data=cast(dict[str, object], data),
        position=cast(int | None, position),
        seq=cast(int, seq),
    )


_APPEND = insert(events)
_TAKE_HEAD = (
    select(chain_heads).where(chain_heads.c.name == TIMELINE).with_for_update(skip_locked=True)
)
_UNSEALED = (
    select(*_SAID)
    .where(events.c.position.is_(None))
    .order_by(events.c.at, events.c.seq)
    .limit(bindparam("count"))
)
_PLACE = update(events).where(events.c.id == bindparam("e")).values(position=bindparam("p"))
