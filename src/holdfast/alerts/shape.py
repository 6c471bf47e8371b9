"""An alert as JSON: the same object in every answer of the API and in a page's webhook body."""

from __future__ import annotations

from datetime import UTC, datetime

from holdfast.alerts.model import Alert


def alert_object(alert: Alert, *, url: str) -> dict[str, object]:
    """All that outsiders are told of an alert; `url` is the absolute address of its page.

    Instants are RFC 3339 in UTC. The names are fixed by contract.md: adding one is free, renaming
    one breaks somebody's pager.
    """
    hold = alert.hold
    return {
        "id": alert.id,
        "code": alert.code,
        "status": alert.status.value,
        "dedup_key": alert.dedup_key,
        "title": alert.title,
        "service": alert.service,
        "severity": alert.severity.value,
        "urgency": alert.urgency.value,
        "labels": dict(alert.labels),
        "count": alert.count,
        "triggered_at": instant_text(alert.triggered_at),
        "acknowledged_at": instant_text(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
        "resolved_at": instant_text(alert.resolved_at),
        "resolved_by": alert.resolved_by,
        "held": alert.held,
        "held_until": None if hold is None else instant_text(hold.until),
        "merged_into": None if hold is None else hold.lead,
        "connection": alert.connection,
        "details": dict(alert.details),
        "link": alert.link,
        "marks": list(alert.marks),
        "previous": alert.previous,
        "started_at": instant_text(alert.started_at),
        "last_signal_at": instant_text(alert.last_signal_at),
        "url": url,
    }


def instant_text(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with Z, such as 2026-11-20T21:11:00Z; None stays None."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
