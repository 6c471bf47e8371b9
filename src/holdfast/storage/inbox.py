"""The inbox: what arrived, written down raw before anything else happens to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

import msgspec
from sqlalchemy import Column, Index, Integer, Table, Text, bindparam, func, select, update

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Bytes, Counter, Instant, Json, Name

INBOX_FAILURES_MAX = 3


class InboxState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    STUCK = "stuck"  # our own code failed on it three times: kept, shown, replayable


inbox = Table(
    "inbox",
    METADATA,
    Column("seq", Counter, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("connection", Name, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Name, nullable=False),
    Column("raw", Bytes, nullable=False),
    Column("signals", Json, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("error", Text),
)
Index(
    "ix_inbox_waiting",
    inbox.c.seq,
    sqlite_where=inbox.c.state == InboxState.WAITING,
    postgresql_where=inbox.c.state == InboxState.WAITING,
)
Index("ix_inbox_received", inbox.c.received_at)

# One row a lane: whoever locks it reads the inbox in order; the lock dies with its node.
lanes = Table("lanes", METADATA, Column("name", Name, primary_key=True))
INBOX_LANE = "inbox"


class Envelope(msgspec.Struct, frozen=True):
    """One request on its way in. `signals` is JSON already: reading was the edge's work."""

    id: str
    connection: str
    received_at: datetime
    raw: bytes
    signals: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One request as the second stage reads it."""

    seq: int
    id: str
    connection: str
    received_at: datetime
    signals: object
    failures: int


def take_waiting(tx: Tx, limit: int) -> list[Letter]:
    """The oldest letters, in order, for one reader at a time; empty while another node reads."""
    mine = tx.execute(_TAKE_LANE, {"lane": INBOX_LANE}).scalar_one_or_none()
    if mine is None:
        return []
    if tx.shared.arrivals is not None:
        tx.shared.arrivals.collect(tx.connection, limit)
    rows = tx.execute(_WAITING, {"count": limit}).all()
    return [
        Letter(row.seq, row.id, row.connection, row.received_at, row.signals, row.failures)
        for row in rows
    ]


def mark_done(tx: Tx, letters: Iterable[Letter]) -> None:
    tx.execute(
        update(inbox)
        .where(inbox.c.seq.in_([letter.seq for letter in letters]))
        .values(state=InboxState.DONE.value)
    )


def mark_failed(tx: Tx, letter: Letter, error: str) -> bool:
    """Counts a failure of our own code. True when the letter is stuck from now on."""
    failures = letter.failures + 1
    stuck = failures >= INBOX_FAILURES_MAX
    state = InboxState.STUCK if stuck else InboxState.WAITING
    tx.execute(
        update(inbox)
        .where(inbox.c.seq == letter.seq)
        .values(failures=failures, error=error, state=state.value)
    )
    return stuck


def replay_stuck(tx: Tx) -> int:
    """Puts every stuck letter back in the line, after a repair. Returns how many."""
    changed = tx.execute(
        update(inbox)
        .where(inbox.c.state == InboxState.STUCK)
        .values(state=InboxState.WAITING.value, failures=0)
    )
    tx.wake()
    return changed.rowcount


def raw_of(tx: Tx, letter: str) -> bytes | None:
    """The request as it arrived."""
    found = tx.execute(select(inbox.c.raw).where(inbox.c.id == letter)).scalar_one_or_none()
    return cast(bytes | None, found)


def count_by_state(tx: Tx) -> dict[str, int]:
    rows = tx.execute(select(inbox.c.state, func.count().label("total")).group_by(inbox.c.state))
    counts: dict[str, int] = {row.state: row.total for row in rows}
    left, _ = _arrivals(tx)
    if left:
        counts[InboxState.WAITING] = counts.get(InboxState.WAITING, 0) + left
    return counts


def oldest_waiting(tx: Tx) -> datetime | None:
    query = select(func.min(inbox.c.received_at)).where(inbox.c.state == InboxState.WAITING)
    found = (cast(datetime | None, tx.execute(query).scalar_one()), _arrivals(tx)[1])
    return min((at for at in found if at is not None), default=None)


def forget_before(tx: Tx, at: datetime, limit: int) -> int:
    """Removes digested letters received before that instant, at most so many; returns how many."""
    old = select(inbox.c.seq).where(inbox.c.received_at < at, inbox.c.state == InboxState.DONE)
    seqs = tx.execute(old.order_by(inbox.c.received_at).limit(limit)).scalars().all()
    if seqs:
        tx.execute(inbox.delete().where(inbox.c.seq.in_(seqs)))
    return len(seqs)


def _arrivals(tx: Tx) -> tuple[int, datetime | None]:
    arrivals = tx.shared.arrivals
    return (0, None) if arrivals is None else arrivals.waiting()


_TAKE_LANE = (
    select(lanes.c.name).where(lanes.c.name == bindparam("lane")).with_for_update(skip_locked=True)
)
_WAITING = (
    select(
        inbox.c.seq,
        inbox.c.id,
        inbox.c.connection,
        inbox.c.received_at,
        inbox.c.signals,
        inbox.c.failures,
    )
    .where(inbox.c.state == InboxState.WAITING)
    .order_by(inbox.c.seq)
    .limit(bindparam("count"))
)
