"""What the alert screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.web.alerts.views import Held, Row
from holdfast.web.layout.words import listing

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


def step_pages(names: list[str], targets: list[str]) -> str:
    """`pages Aiko Tanaka`, or whom it was meant for where that reaches nobody at present."""
    return f"pages {listing(names or targets)}"


def last_resort_pages(names: list[str]) -> str:
    return f"pages the last resort, {listing(names)}" if names else "pages the last resort"


def snoozed_by(name: str) -> str:
    return f"by {name}"


def merged_into(code: str) -> str:
    return f"into {code}"


BY_HAND = "A person, by hand"
DONE: Mapping[str, str] = {
    "acknowledge": "You have it. Paging stopped.",
    "unacknowledge": "You gave it back. Paging begins again.",
    "resolve": "Resolved.",
    "escalate": "Escalated. The next step is paged.",
    "release": "The hold is over. Paging begins again.",
    "snooze": "Snoozed. It wakes nobody until then.",
    "reassign": "Reassigned, and paged.",
    "merge": "Merged. What happens next happens there.",
}
SNOOZES = (
    ("10m", "10 minutes"), ("30m", "30 minutes"), ("1h", "1 hour"), ("2h", "2 hours"),
    ("4h", "4 hours"), ("8h", "8 hours"), ("1d", "1 day"), ("7d", "1 week"),
)  # fmt: skip
ALL_SERVICES = "All services"
TARGET_GROUPS: Mapping[str, str] = {"user": "", "team": "team ", "schedule": "on call in "}
