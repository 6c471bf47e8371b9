"""Ask about notifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import store
from holdfast.paging.notifications.model import (
    NoSuchNotification,
    Notification,
    NotificationState,
)

LIST_MAX = 501


def notification(tx: Tx, notification_id: str) -> Notification:
    """Raises NoSuchNotification."""
    found = store.find(tx, notification_id)
    if found is None:
        raise NoSuchNotification
    return found


def about(tx: Tx, subject: str, causes: Sequence[str] = ()) -> list[Notification]:
    """Every notification about a subject, of these causes where any are given, oldest first."""
    return store.about(tx, subject, causes)


def outcome_counts(tx: Tx, subject: str) -> Mapping[str, Mapping[NotificationState, int]]:
    """How many notifications stand in each state, by what caused them."""
    return store.states(tx, subject)


def of_user(
    tx: Tx, user_id: str, *, before: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Notification]:
    """What one person was told, newest first."""
    return store.of_user(tx, user_id, before, min(limit, LIST_MAX))
