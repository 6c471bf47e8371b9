"""The table of notifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Column, Index, Integer, Table, Text, func, insert, select, update

from holdfast.kernel.tx import Tx
from holdfast.paging.notifications.model import Notice, Notification, NotificationState
from holdfast.storage.types import METADATA, Instant, Name

notifications = Table(
    "notifications",
    METADATA,
    Column("id", Name, primary_key=True),
    Column("user", Name, nullable=False),
    Column("subject", Name, nullable=False),
    Column("cause", Name, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("pressing", Integer, nullable=False),
    Column("state", Name, nullable=False),
    Column("method", Name),
    Column("made_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("ended_at", Instant),
    Column("why", Text, nullable=False),
)
Index("ix_notifications_subject", notifications.c.subject, notifications.c.cause)
Index("ix_notifications_user", notifications.c.user, notifications.c.made_at)


def add(tx: Tx, made: Notification) -> None:
    notice = made.notice
    tx.execute(
        insert(notifications),
        {
            "id": made.id, "user": made.user, "subject": notice.subject, "cause": notice.cause,
            "title": notice.title, "text": notice.text, "code": notice.code, "link": notice.link,
            "pressing": int(notice.pressing), "state": made.state.value, "method": made.method,
            "made_at": made.made_at, "ended_at": made.ended_at, "why": made.why,
            "queued_at": tx.now if made.state is NotificationState.QUEUED else None,
        },
    )  # fmt: skip


def find(tx: Tx, notification: str) -> Notification | None:
    row = tx.execute(select(notifications).where(notifications.c.id == notification)).one_or_none()
    return None if row is None else _notification(row)


def take(tx: Tx, notification: str) -> Notification | None:
    """The notification, locked for this transaction."""
    query = select(notifications).where(notifications.c.id == notification).with_for_update()
    row = tx.execute(query).one_or_none()
    return None if row is None else _notification(row)


def queue(tx: Tx, notification: str, method: str) -> None:
    """It goes out by that method now."""
    tx.execute(
        update(notifications)
        .where(notifications.c.id == notification)
        .values(
            state=NotificationState.QUEUED.value, method=method, queued_at=tx.now, why=""
        )
    )  # fmt: skip


def end(tx: Tx, notification: str, state: NotificationState, why: str) -> None:
    tx.execute(
        update(notifications)
        .where(notifications.c.id == notification)
        .values(state=state.value, ended_at=tx.now, why=why)
    )


def waiting(tx: Tx, user: str) -> list[Notification]:
    """What waits for this person, oldest first, locked."""
    rows = tx.execute(
        select(notifications)
        .where(
            notifications.c.user == user,
            notifications.c.state == NotificationState.WAITING.value,
        )
        .order_by(notifications.c.made_at, notifications.c.id)
        .with_for_update()
    )
    return [_notification(row) for row in rows]


def queued_since(tx: Tx, user: str, since: datetime) -> list[datetime]:
    """When this person was told something after that instant, oldest first."""
    rows = tx.execute(
        select(notifications.c.queued_at)
        .where(notifications.c.user == user, notifications.c.queued_at > since)
        .order_by(notifications.c.queued_at)
    )
    return [cast(datetime, row.queued_at) for row in rows]


def about(tx: Tx, subject: str, causes: Sequence[str]) -> list[Notification]:
    """Every notification about a subject, of these causes where any are given, oldest first."""
    query = select(notifications).where(notifications.c.subject == subject)
    if causes:
        query = query.where(notifications.c.cause.in_(list(causes)))
    rows = tx.execute(query.order_by(notifications.c.made_at, notifications.c.id))
    return [_notification(row) for row in rows]


def states(tx: Tx, subject: str) -> dict[str, dict[NotificationState, int]]:
    """How many of each state, by cause."""
    rows = tx.execute(
        select(notifications.c.cause, notifications.c.state, func.count().label("many"))
        .where(notifications.c.subject == subject)
        .group_by(notifications.c.cause, notifications.c.state)
    )
    found: dict[str, dict[NotificationState, int]] = {}
    for row in rows:
        found.setdefault(row.cause, {})[NotificationState(row.state)] = cast(int, row.many)
    return found


def of_user(
    tx: Tx, user: str, before: tuple[datetime, str] | None, limit: int
) -> list[Notification]:
    """Newest first; `before` continues after the last one seen."""
    table = notifications.c
    query = select(notifications).where(table.user == user)
    if before is not None:
        at, name = before
        query = query.where((table.made_at < at) | ((table.made_at == at) & (table.id < name)))
    rows = tx.execute(query.order_by(table.made_at.desc(), table.id.desc()).limit(limit))
    return [_notification(row) for row in rows]


def _notification(row: object) -> Notification:
    get = row.__getattribute__
    return Notification(
        id=get("id"),
        user=get("user"),
        notice=Notice(
            subject=get("subject"), title=get("title"), text=get("text"), code=get("code"),
            link=get("link"), cause=get("cause"), pressing=bool(get("pressing")),
        ),
        state=NotificationState(get("state")),
        made_at=get("made_at"),
        method=get("method"),
        ended_at=get("ended_at"),
        why=get("why"),
    )  # fmt: skip
