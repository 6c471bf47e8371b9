"""The table of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from holdfast.alerts.model import Alert, AlertStatus, Hold, HoldKind
from holdfast.kernel.tx import Tx
from holdfast.sdk import Severity, Urgency
from holdfast.storage.types import METADATA, Instant, Json, Name

KEYS_PER_QUERY = 400
_AHEAD = "alerts.ahead"  # alerts by id, read for many deliveries at once

alerts = Table(
    "alerts",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("code", Name, nullable=False),
    Column("connection", Name, nullable=False),
    Column("service", Name, nullable=False),
    Column("dedup_key", Name, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Name, nullable=False),
    Column("severity", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("triggered_at", Instant, nullable=False),
    Column("labels", Json, nullable=False),
    Column("details", Json, nullable=False),
    Column("marks", Json, nullable=False),
    Column("link", Text),
    Column("group_key", Name),
    Column("count", Integer, nullable=False),
    Column("started_at", Instant),
    Column("last_signal_at", Instant),
    Column("letter", Name),
    Column("previous", Name),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Name),
    Column("resolved_at", Instant),
    Column("resolved_by", Name),
    Column("hold_kind", Text),
    Column("hold_reason", Text),
    Column("hold_until", Instant),
    Column("lead", Name),
)
_OPEN = alerts.c.status != AlertStatus.RESOLVED.value
Index(
    "uq_alerts_open",
    alerts.c.connection,
    alerts.c.dedup_key,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_alerts_key", alerts.c.connection, alerts.c.dedup_key, alerts.c.triggered_at)
Index("ix_alerts_status", alerts.c.status, alerts.c.triggered_at)
Index("ix_alerts_triggered", alerts.c.triggered_at)
Index("ix_alerts_code", alerts.c.code)
Index(
    "ix_alerts_lead",
    alerts.c.lead,
    sqlite_where=alerts.c.lead.is_not(None),
    postgresql_where=alerts.c.lead.is_not(None),
)
Index(
    "ix_alerts_group",
    alerts.c.connection,
    alerts.c.group_key,
    sqlite_where=and_(_OPEN, alerts.c.group_key.is_not(None)),
    postgresql_where=and_(_OPEN, alerts.c.group_key.is_not(None)),
)

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of alerts shows."""

    statuses: tuple[AlertStatus, ...] = ()
    held: bool | None = None
    service: str | None = None
    text: str | None = None


def take_open(tx: Tx, keys: Iterable[Key]) -> dict[Key, Alert]:
    """The open alerts of these (connection, dedup key) pairs, locked in one order."""
    found: dict[Key, Alert] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        rows = tx.execute(
            select(alerts)
            .where(_OPEN, tuple_(alerts.c.connection, alerts.c.dedup_key)
                   .in_(wanted[start : start + KEYS_PER_QUERY]))
            .order_by(alerts.c.connection, alerts.c.dedup_key)
            .with_for_update()
        )  # fmt: skip
        found.update({(row.connection, row.dedup_key): _alert(row) for row in rows})
    return found


def last_of(tx: Tx, keys: Iterable[Key]) -> dict[Key, str]:
    """The newest resolved alert of each key that had one."""
    found: dict[Key, str] = {}
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), KEYS_PER_QUERY):
        rows = tx.execute(
            select(alerts.c.connection, alerts.c.dedup_key, alerts.c.id)
            .where(tuple_(alerts.c.connection, alerts.c.dedup_key)
                   .in_(wanted[start : start + KEYS_PER_QUERY]))
            .order_by(alerts.c.triggered_at, alerts.c.id)
        )  # fmt: skip
        found.update({(row.connection, row.dedup_key): row.id for row in rows})
    return found


def take_open_group(tx: Tx, connection: str, group: str) -> list[Alert]:
    rows = tx.execute(
        select(alerts)
        .where(_OPEN, alerts.c.connection == connection, alerts.c.group_key == group)
        .order_by(alerts.c.connection, alerts.c.dedup_key)
        .with_for_update()
    )
    return [_alert(row) for row in rows]


def take(tx: Tx, alert: str) -> Alert | None:
    """The alert, locked for this transaction."""
    row = tx.execute(_TAKE, {"a": alert}).one_or_none()
    return None if row is None else _alert(row)


def find(tx: Tx, ids: Sequence[str]) -> dict[str, Alert]:
    known = cast(dict[str, Alert], tx.recall(_AHEAD) or {})
    if known and all(name in known for name in ids):
        return {name: known[name] for name in ids}
    rows = tx.execute(select(alerts).where(alerts.c.id.in_(list(ids))))
    return {row.id: _alert(row) for row in rows}


def find_ahead(tx: Tx, ids: Sequence[str]) -> list[Alert]:
    """Reads many alerts at once; `find` has them ready until one of them changes."""
    found = find(tx, ids)
    tx.note(_AHEAD, found)
    return list(found.values())


def find_by_code(tx: Tx, code: str) -> str | None:
    """The newest alert with that code."""
    query = (
        select(alerts.c.id)
        .where(alerts.c.code == code.upper())
        .order_by(alerts.c.triggered_at.desc())
        .limit(1)
    )
    return cast(str | None, tx.execute(query).scalar_one_or_none())


def children(tx: Tx, lead: str) -> list[Alert]:
    rows = tx.execute(
        select(alerts).where(alerts.c.lead == lead).order_by(alerts.c.triggered_at, alerts.c.id)
    )
    return [_alert(row) for row in rows]


def with_key(tx: Tx, key: Key, limit: int) -> list[Alert]:
    """Every alert of one trouble, newest first."""
    rows = tx.execute(
        select(alerts)
        .where(alerts.c.connection == key[0], alerts.c.dedup_key == key[1])
        .order_by(alerts.c.triggered_at.desc(), alerts.c.id.desc())
        .limit(limit)
    )
    return [_alert(row) for row in rows]


def newest(
    tx: Tx, wanted: Filter, *, before: tuple[datetime, str] | None, limit: int
) -> list[Alert]:
    query = (
        select(alerts)
        .where(*_conditions(wanted))
        .order_by(alerts.c.triggered_at.desc(), alerts.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        at, name = before
        query = query.where(
            or_(
                alerts.c.triggered_at < at,
                and_(alerts.c.triggered_at == at, alerts.c.id < name),
            )
        )
    return [_alert(row) for row in tx.execute(query)]


def count(tx: Tx, wanted: Filter) -> int:
    query = select(func.count()).select_from(alerts).where(*_conditions(wanted))
    return cast(int, tx.execute(query).scalar_one())


def add(tx: Tx, rows: Sequence[Alert]) -> None:
    for alert in rows:
        tx.execute_later(_ADD, ("alert", alert.id), _row(alert))


def save(tx: Tx, alert: Alert) -> None:
    tx.unlearn(_AHEAD)
    tx.execute(_SAVE, {f"new_{name}": value for name, value in _row(alert).items()})


def save_counts(tx: Tx, rows: Sequence[Alert]) -> None:
    """Only what a repetition changes."""
    tx.unlearn(_AHEAD)
    if rows:
        tx.execute(
            _SAVE_COUNT,
            [{"a": alert.id, "n": alert.count, "at": alert.last_signal_at} for alert in rows],
        )


def resolved_before(tx: Tx, at: datetime, limit: int) -> list[str]:
    rows = tx.execute(
        select(alerts.c.id)
        .where(alerts.c.status == AlertStatus.RESOLVED.value, alerts.c.resolved_at < at)
        .order_by(alerts.c.resolved_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def delete(tx: Tx, ids: Sequence[str]) -> None:
    tx.execute(alerts.delete().where(alerts.c.id.in_(list(ids))))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(alerts.c.status.in_([status.value for status in wanted.statuses]))
    if wanted.held is not None:
        is_held = alerts.c.hold_kind.is_not(None)
        conditions.append(is_held if wanted.held else ~is_held)
    if wanted.service is not None:
        conditions.append(alerts.c.service == wanted.service)
    if wanted.text:
        conditions.append(
            or_(
                func.lower(alerts.c.title).contains(wanted.text.lower(), autoescape=True),
                alerts.c.code == wanted.text.upper(),
                alerts.c.dedup_key == wanted.text,
                alerts.c.id == wanted.text,
            )
        )
    return conditions


def _row(alert: Alert) -> dict[str, object]:
    hold = alert.hold
    return {
        "id": alert.id, "code": alert.code, "connection": alert.connection,
        "service": alert.service, "dedup_key": alert.dedup_key, "title": alert.title,
        "status": alert.status.value, "severity": alert.severity.value,
        "urgency": alert.urgency.value, "triggered_at": alert.triggered_at,
        "labels": dict(alert.labels), "details": dict(alert.details), "marks": list(alert.marks),
        "link": alert.link, "group_key": alert.group, "count": alert.count,
        "started_at": alert.started_at, "last_signal_at": alert.last_signal_at,
        "letter": alert.letter, "previous": alert.previous,
        "acknowledged_at": alert.acknowledged_at, "acknowledged_by": alert.acknowledged_by,
        "resolved_at": alert.resolved_at, "resolved_by": alert.resolved_by,
        "hold_kind": None if hold is None else hold.kind.value,
        "hold_reason": None if hold is None else hold.reason,
        "hold_until": None if hold is None else hold.until,
        "lead": None if hold is None else hold.lead,
    }  # fmt: skip


def _alert(row: object) -> Alert:
    get = row.__getattribute__
    hold = None
    if get("hold_kind") is not None:
        hold = Hold(HoldKind(get("hold_kind")), get("hold_reason"), get("hold_until"), get("lead"))
    return Alert(
        id=get("id"), code=get("code"), connection=get("connection"), service=get("service"),
        dedup_key=get("dedup_key"), title=get("title"), status=AlertStatus(get("status")),
        severity=Severity(get("severity")), urgency=Urgency(get("urgency")),
        triggered_at=get("triggered_at"), labels=cast(Mapping[str, str], get("labels")),
        details=cast(Mapping[str, object], get("details")), marks=tuple(get("marks")),
        link=get("link"), group=get("group_key"), count=get("_mapping")["count"],
        started_at=get("started_at"), last_signal_at=get("last_signal_at"), letter=get("letter"),
        previous=get("previous"), acknowledged_at=get("acknowledged_at"),
        acknowledged_by=get("acknowledged_by"), resolved_at=get("resolved_at"),
        resolved_by=get("resolved_by"), hold=hold,
    )  # fmt: skip


_TAKE = select(alerts).where(alerts.c.id == bindparam("a")).with_for_update()
_ADD = insert(alerts)
_SAVE = (
    update(alerts)
    .where(alerts.c.id == bindparam("new_id"))
    .values({c.name: bindparam(f"new_{c.name}") for c in alerts.columns if c.name != "id"})
)
_SAVE_COUNT = (
    update(alerts)
    .where(alerts.c.id == bindparam("a"))
    .values(count=bindparam("n"), last_signal_at=bindparam("at"))
)
