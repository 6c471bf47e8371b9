"""What the alert screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.web.alerts.views import Held, Row

TITLE = "Alerts"
FILTERS: Mapping[str, str] = {
    "open": "Wants an answer",
    "acknowledged": "Acknowledged",
    "held": "Snoozed or held",
    "resolved": "Resolved",
    "all": "All",
}
NOTHING: Mapping[str, str] = {
    "open": "Nothing wants an answer",
    "acknowledged": "Nobody is working on an alert",
    "held": "Nothing is snoozed or held",
    "resolved": "Nothing has been resolved yet",
    "all": "No alerts",
}
STATUSES: Mapping[str, str] = {
    "triggered": "Wants an answer",
    "acknowledged": "Acknowledged",
    "resolved": "Resolved",
}
HOLDS: Mapping[str, str] = {
    "silence": "Silenced",
    "maintenance_window": "Maintenance",
    "dependency": "Depends on something that is down",
    "snooze": "Snoozed",
    "merged": "Merged",
}
URGENCIES: Mapping[str, str] = {"high": "High urgency", "low": "Low urgency"}
WHY_ICONS: Mapping[str, str] = {
    "signal": "activity",
    "source": "link",
    "rule": "list-checks",
    "dedup": "repeat",
    "service": "boxes",
    "hold": "moon",
    "policy": "shield-check",
    "step": "arrow-up-right",
    "schedule": "calendar-clock",
    "person": "users",
    "rung": "clock",
    "delivery": "smartphone",
    "answer": "check",
    "resolved": "circle-check",
    "last_resort": "life-buoy",
}
# Read by a screen reader before the outcome: colour never says it alone.
WHY_STATES: Mapping[str, str] = {
    "ok": "done",
    "pending": "to come",
    "skipped": "skipped",
    "bad": "failed",
    "plain": "",
}


def signals(count: int) -> str:
    return "1 signal" if count == 1 else f"{count} signals"


def held(hold: Held) -> str:
    """`Snoozed: looking at it after lunch`"""
    return f"{HOLDS[hold.kind]}: {hold.reason}" if hold.reason else HOLDS[hold.kind]


def has_it(row: Row) -> str:
    """`You have it`, `Marek Novák has it`"""
    if row.acknowledged_by is None:
        return "Acknowledged"
    return "You have it" if row.acknowledged_by.me else f"{row.acknowledged_by.name} has it"
