"""Pending duties as rows: timers say when to look again, deliveries say what must be carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA, Instant, Name

LEASE = timedelta(seconds=10)
TIMER_FAILURES_MAX = 3
ERROR_CHARS_MAX = 500
_LEASES_KNOWN, _LEASES_FENCED = "leases.known", "leases.fenced"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


timers = Table(
    "timers",
    METADATA,
    Column("kind", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("due", Instant, nullable=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("parked_at", Instant),
    Column("error", Text),
)
Index(
    "ix_timers_due",
    timers.c.due,
    sqlite_where=timers.c.parked_at.is_(None),
    postgresql_where=timers.c.parked_at.is_(None),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("way", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("due", Instant),
    Column("tries", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("owner", Name),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Text),
)
Index(
    "ix_deliveries_due",
    deliveries.c.due,
    sqlite_where=deliveries.c.due.is_not(None),
    postgresql_where=deliveries.c.due.is_not(None),
)
Index("ix_deliveries_key", deliveries.c.key)


@dataclass(frozen=True, slots=True)
class Timer:
    kind: str
    key: str
    due: datetime
    failures: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """`way` is how it is carried (a contact method, say). `token` fences: only whoever holds the
    newest one may write the outcome."""

    id: str
    kind: str
    key: str
    way: str
    state: DeliveryState
    due: datetime | None
    tries: int
    token: int
    created_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


class Duties:
    """What Tx.set_timer, Tx.drop_timer and Tx.deliver write."""

    def set_timer(self, tx: Tx, kind: str, key: str, due: datetime) -> None:
        row = {"kind": kind, "key": key, "due": due, "failures": 0}
        tx.execute_later(_SET_TIMER, ("timer", kind, key), row)

    def drop_timer(self, tx: Tx, kind: str, key: str) -> None:
        tx.execute_later(_DROP_TIMER, ("timer", kind, key), {"k": kind, "y": key})

    def deliver(self, tx: Tx, kind: str, key: str, way: str) -> str:
        delivery = tx.new_id("dl")
        row = {
            "id": delivery, "kind": kind, "key": key, "way": way,
            "state": DeliveryState.QUEUED.value, "due": tx.now, "tries": 0, "token": 0,
            "created_at": tx.now,
        }  # fmt: skip
        tx.execute_later(_DELIVER, ("delivery", delivery), row)
        return delivery


def take_due_timers(tx: Tx, limit: int) -> list[Timer]:
    """Locks and returns what is due, oldest first; other nodes skip what is taken here."""
    rows = tx.execute(_DUE_TIMERS, {"now": tx.now, "count": limit}).all()
    return [Timer(row.kind, row.key, row.due, row.failures) for row in rows]


def finish_timer(tx: Tx, timer: Timer) -> None:
    """Removes a timer before its action runs: the action may set it anew."""
    tx.drop_timer(timer.kind, timer.key)


def postpone_timer(tx: Tx, timer: Timer, until: datetime) -> None:
    tx.execute(_POSTPONE_TIMER, {"k": timer.kind, "y": timer.key, "until": until})


def fail_timer(tx: Tx, timer: Timer, error: str, again: datetime) -> bool:
    """Counts a failure; the third parks the timer for a person to look at. True when parked."""
    failures = timer.failures + 1
    parked = failures >= TIMER_FAILURES_MAX
    values = {
        "kind": timer.kind, "key": timer.key, "due": again, "failures": failures,
        "parked_at": tx.now if parked else None, "error": error[:ERROR_CHARS_MAX],
    }  # fmt: skip
    tx.execute(_DROP_TIMER, {"k": timer.kind, "y": timer.key})
    tx.execute(insert(timers), values)
    return parked


def timer_due(tx: Tx, kind: str, key: str) -> datetime | None:
    """When the engine will look at `key` again."""
    query = select(timers.c.due).where(timers.c.kind == kind, timers.c.key == key)
    return cast(datetime | None, tx.execute(query).scalar_one_or_none())


def parked_timers(tx: Tx) -> list[tuple[str, str, datetime, str]]:
    """(kind, key, parked at, error) of what failed three times."""
    rows = tx.execute(
        select(timers.c.kind, timers.c.key, timers.c.parked_at, timers.c.error)
        .where(timers.c.parked_at.is_not(None))
        .order_by(timers.c.kind, timers.c.key)
    )
    return [(row.kind, row.key, row.parked_at, row.error) for row in rows]


def claim_deliveries(tx: Tx, owner: str, limit: int) -> list[Delivery]:
    """Leases what is due, counting the try before anybody is called (promises rule 3)."""
    rows = tx.execute(_DUE_DELIVERIES, {"now": tx.now, "count": limit}).all()
    until = tx.now + LEASE
    if rows:
        tx.execute(
            _LEASE_DELIVERY,
            [
                {"d": row.id, "new_token": row.token + 1, "new_owner": owner, "until": until,
                 "new_tries": row.tries + 1}
                for row in rows
            ],
        )  # fmt: skip
    return [_delivery(row, tries=row.tries + 1, token=row.token + 1, due=until) for row in rows]


def take_leased(tx: Tx, delivery: Delivery) -> bool:
    """True while this token still holds the lease."""
    held = _leases(tx)
    if held is None:
        rows = tx.execute(_LEASES, {"ids": [delivery.id]})
        held = {row.id: row.token for row in rows}
    return held.get(delivery.id) == delivery.token


def look_at_leases(tx: Tx, claimed: Sequence[Delivery], *, lock: bool = False) -> None:
    """Reads who holds these leases, all at once: `take_leased` knows without a question of its
    own and, where they are locked, `end_delivery` and `retry_delivery` may write later."""
    query = _LEASES_LOCKED if lock else _LEASES
    rows = tx.execute(query, {"ids": sorted(delivery.id for delivery in claimed)})
    tx.note(_LEASES_KNOWN, {row.id: row.token for row in rows})
    tx.note(_LEASES_FENCED, lock)


def end_delivery(tx: Tx, delivery: Delivery, state: DeliveryState, outcome: str) -> bool:
    """Writes a final outcome. False when the lease was lost: then nothing changed."""
    row = {
        "d": delivery.id, "held": delivery.token, "new_state": state.value, "until": None,
        "ended": tx.now, "words": outcome[:ERROR_CHARS_MAX],
    }  # fmt: skip
    return _write_outcome(tx, delivery, row)


def retry_delivery(tx: Tx, delivery: Delivery, outcome: str, again: datetime) -> bool:
    """Gives the lease back until `again`. False when the lease was lost."""
    row = {
        "d": delivery.id, "held": delivery.token, "new_state": DeliveryState.QUEUED.value,
        "until": again, "ended": None, "words": outcome[:ERROR_CHARS_MAX],
    }  # fmt: skip
    return _write_outcome(tx, delivery, row)


def cancel_deliveries(tx: Tx, kind: str, key: str, why: str) -> None:
    """Nothing more is carried for `key`; a send that is under way re-checks before it speaks."""
    tx.unlearn(_LEASES_KNOWN)
    tx.execute(
        update(deliveries)
        .where(
            deliveries.c.kind == kind,
            deliveries.c.key == key,
            deliveries.c.state.in_([DeliveryState.QUEUED, DeliveryState.LEASED]),
        )
        .values(state=DeliveryState.CANCELLED.value, due=None, ended_at=tx.now, outcome=why)
    )


def release_owner(tx: Tx, owner: str) -> int:
    """What a dead node had leased is due at once (promises R08)."""
    changed = tx.execute(
        update(deliveries)
        .where(deliveries.c.owner == owner, deliveries.c.state == DeliveryState.LEASED)
        .values(state=DeliveryState.QUEUED.value, due=tx.now, owner=None)
    )
    return changed.rowcount


def lease_owners(tx: Tx) -> set[str]:
    rows = tx.execute(
        select(deliveries.c.owner).distinct().where(deliveries.c.state == DeliveryState.LEASED)
    )
    return {row.owner for row in rows if row.owner}


def deliveries_for(tx: Tx, keys: list[str]) -> list[Delivery]:
    """Every delivery for these subjects, oldest first."""
    rows = tx.execute(
        select(deliveries)
        .where(deliveries.c.key.in_(keys))
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    return [_delivery(row) for row in rows]


def find_delivery(tx: Tx, delivery: str) -> Delivery | None:
    row = tx.execute(select(deliveries).where(deliveries.c.id == delivery)).one_or_none()
    return None if row is None else _delivery(row)


def next_due(tx: Tx) -> datetime | None:
    """The earliest instant at which the engine has something to do."""
    timer = tx.execute(select(func.min(timers.c.due)).where(timers.c.parked_at.is_(None)))
    found = (cast(datetime | None, timer.scalar_one()), _next_delivery(tx))
    return min((due for due in found if due is not None), default=None)


def any_timer_due(tx: Tx) -> bool:
    """True where the engine has a timer to answer now."""
    return tx.execute(_DUE_TIMERS_PEEK, {"now": tx.now}).scalar_one_or_none() is not None


def anything_due(tx: Tx) -> bool:
    """True where a delivery may be claimed now: a look is cheaper than a claim."""
    earliest = _next_delivery(tx)
    return earliest is not None and earliest <= tx.now


def forget(tx: Tx, kind: str, keys: list[str]) -> None:
    """Removes deliveries and timers of these subjects (retention)."""
    tx.execute(delete(deliveries).where(deliveries.c.kind == kind, deliveries.c.key.in_(keys)))
    tx.execute(delete(timers).where(timers.c.kind == kind, timers.c.key.in_(keys)))


def _leases(tx: Tx) -> dict[str, int] | None:
    return cast(dict[str, int] | None, tx.recall(_LEASES_KNOWN))


def _write_outcome(tx: Tx, delivery: Delivery, row: dict[str, object]) -> bool:
    held = _leases(tx)
    if held is None or not tx.recall(_LEASES_FENCED):
        return tx.execute(_OUTCOME, row).rowcount == 1
    # The lease is locked since it was looked at: nobody can take it before this is committed.
    if held.pop(delivery.id, None) != delivery.token:
        return False
    tx.execute_later(_OUTCOME, ("delivery", delivery.id), row)
    return True


def _next_delivery(tx: Tx) -> datetime | None:
    due = tx.execute(select(func.min(deliveries.c.due)).where(deliveries.c.due.is_not(None)))
    return cast(datetime | None, due.scalar_one())


def _delivery(row: object, **changed: object) -> Delivery:
    fields = {name: getattr(row, name) for name in Delivery.__dataclass_fields__}
    fields.update(changed)
    fields["state"] = DeliveryState(fields["state"])
    return Delivery(**fields)


_SET_TIMER = (
    upsert(timers)
    .values(kind=bindparam("kind"), key=bindparam("key"), due=bindparam("due"), failures=0)
    .on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={"due": bindparam("due"), "failures": 0, "parked_at": None, "error": None},
    )
)
_DROP_TIMER = delete(timers).where(timers.c.kind == bindparam("k"), timers.c.key == bindparam("y"))
_POSTPONE_TIMER = (
    update(timers)
    .where(timers.c.kind == bindparam("k"), timers.c.key == bindparam("y"))
    .values(due=bindparam("until"))
)
_DUE_TIMERS = (
    select(timers.c.kind, timers.c.key, timers.c.due, timers.c.failures)
    .where(timers.c.due <= bindparam("now"), timers.c.parked_at.is_(None))
    .order_by(timers.c.due, timers.c.kind, timers.c.key)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_DUE_TIMERS_PEEK = (
    select(timers.c.key)
    .where(timers.c.due <= bindparam("now"), timers.c.parked_at.is_(None))
    .limit(1)
)
_DELIVER = insert(deliveries)
_DUE_DELIVERIES = (
    select(deliveries)
    .where(
        deliveries.c.due <= bindparam("now"),
        or_(
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.state == DeliveryState.LEASED,  # an expired lease is due again
        ),
    )
    .order_by(deliveries.c.due, deliveries.c.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_LEASES = (
    select(deliveries.c.id, deliveries.c.token)
    .where(
        deliveries.c.id.in_(bindparam("ids", expanding=True)),
        deliveries.c.state == DeliveryState.LEASED,
    )
    .order_by(deliveries.c.id)
)
_LEASES_LOCKED = _LEASES.with_for_update()
_LEASE_DELIVERY = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("d"))
    .values(
        state=DeliveryState.LEASED.value,
        token=bindparam("new_token"),
        owner=bindparam("new_owner"),
        due=bindparam("until"),
        tries=bindparam("new_tries"),
    )
)
_OUTCOME = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("d"),
        deliveries.c.token == bindparam("held"),
        deliveries.c.state == DeliveryState.LEASED,
    )
    .values(
        state=bindparam("new_state"),
        due=bindparam("until"),
        ended_at=bindparam("ended"),
        outcome=bindparam("words"),
        owner=None,
    )
)
