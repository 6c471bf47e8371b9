"""Ask about alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from holdfast.alerts import store
from holdfast.alerts.model import Alert, NoSuchAlert
from holdfast.alerts.store import Filter
from holdfast.kernel.tx import Tx

LIST_MAX = 500
SAME_KEY_MAX = 20

__all__ = ["Filter", "alert", "alerts_by_id", "children", "count", "look_ahead",
           "newest", "same_trouble"]  # fmt: skip


def alert(tx: Tx, alert_id: str) -> Alert:
    """By id or by code. Raises NoSuchAlert."""
    name = store.find_by_code(tx, alert_id) if "-" in alert_id else alert_id
    found = store.find(tx, [name]) if name is not None else {}
    if not found:
        raise NoSuchAlert
    return next(iter(found.values()))


def look_ahead(tx: Tx, ids: Sequence[str]) -> list[Alert]:
    """Reads many alerts at once: `alert` finds them ready until one of them changes."""
    return store.find_ahead(tx, ids)


def alerts_by_id(tx: Tx, ids: Sequence[str]) -> dict[str, Alert]:
    return store.find(tx, ids) if ids else {}


def newest(
    tx: Tx, wanted: Filter, *, before: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Alert]:
    """Newest first; `before` continues after the last one seen."""
    return store.newest(tx, wanted, before=before, limit=min(limit, LIST_MAX + 1))


def count(tx: Tx, wanted: Filter) -> int:
    return store.count(tx, wanted)


def same_trouble(tx: Tx, alert: Alert) -> list[Alert]:
    """Earlier and later alerts with the same key, newest first, without this one."""
    key = (alert.connection, alert.dedup_key)
    return [other for other in store.with_key(tx, key, SAME_KEY_MAX + 1) if other.id != alert.id]


def children(tx: Tx, alert: Alert) -> list[Alert]:
    """What was merged into this alert."""
    return store.children(tx, alert.id)
