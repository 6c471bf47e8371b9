"""Looks at the rows for the simulator: what is due, and what the invariants compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, Table, func, select

from holdfast.kernel.tx import Tx
from holdfast.storage.types import METADATA


@dataclass(frozen=True, slots=True)
class Look:
    """The earliest instant of each kind of work; None where there is none."""

    timer: datetime | None
    delivery: datetime | None
    letter: datetime | None

    @property
    def next(self) -> datetime | None:
        known = [at for at in (self.timer, self.delivery, self.letter) if at is not None]
        return min(known, default=None)


def look(tx: Tx) -> Look:
    row = tx.execute(_look()).one()
    return Look(row.timer, row.delivery, row.letter)


def timers_of(tx: Tx, kind: str) -> dict[str, tuple[datetime, datetime | None]]:
    """(due, parked at) of each timer of a kind, by key."""
    timers = _table("timers")
    rows = tx.execute(select(timers).where(timers.c.kind == kind))
    return {row.key: (row.due, row.parked_at) for row in rows}


def failed_timers(tx: Tx) -> dict[str, str]:
    """The error of each timer that our own code failed on, by key."""
    timers = _table("timers")
    rows = tx.execute(select(timers).where(timers.c.failures > 0))
    return {row.key: row.error for row in rows}


def delivery_states(tx: Tx) -> Mapping[str, int]:
    """How many deliveries are in each state."""
    deliveries = _table("deliveries")
    counted = func.count().label("counted")
    rows = tx.execute(select(deliveries.c.state, counted).group_by(deliveries.c.state))
    return {row.state: row.counted for row in rows}


def open_alerts(tx: Tx) -> dict[str, tuple[str, bool]]:
    """(status, held) of every open alert."""
    alerts = _table("alerts")
    rows = tx.execute(
        select(alerts.c.id, alerts.c.status, alerts.c.hold_kind).where(
            alerts.c.status != "resolved"
        )
    )
    return {row.id: (row.status, row.hold_kind is not None) for row in rows}


def signals_counted(tx: Tx) -> dict[str, int]:
    """How many signals the alerts of each connection say they stand for."""
    alerts = _table("alerts")
    total = func.sum(alerts.c.count).label("total")
    rows = tx.execute(select(alerts.c.connection, total).group_by(alerts.c.connection))
    return {row.connection: int(row.total) for row in rows}


def open_page_ids(tx: Tx) -> set[str]:
    pages = _table("pages")
    return {row.id for row in tx.execute(select(pages.c.id).where(pages.c.state == "open"))}


def code_of(tx: Tx, alert: str) -> str:
    alerts = _table("alerts")
    return str(tx.execute(select(alerts.c.code).where(alerts.c.id == alert)).one().code)


def count_events(tx: Tx) -> int:
    counted = func.count().label("counted")
    return int(tx.execute(select(counted).select_from(_table("events"))).one().counted)


def _table(name: str) -> Table:
    return METADATA.tables[name]


@cache
def _look() -> Select[tuple[datetime | None, ...]]:
    timers, deliveries, inbox = _table("timers"), _table("deliveries"), _table("inbox")
    timer = select(func.min(timers.c.due)).where(timers.c.parked_at.is_(None))
    delivery = select(func.min(deliveries.c.due)).where(deliveries.c.due.is_not(None))
    letter = select(func.min(inbox.c.received_at)).where(inbox.c.state == "waiting")
    return select(
        timer.scalar_subquery().label("timer"),
        delivery.scalar_subquery().label("delivery"),
        letter.scalar_subquery().label("letter"),
    )
