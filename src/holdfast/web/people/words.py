"""What the people screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

ROLES: Mapping[str, str] = {
    "viewer": "Viewer: sees everything, changes nothing",
    "responder": "Responder: answers alerts, makes overrides",
    "manager": "Manager: edits schedules, services and policies",
    "admin": "Administrator: everything",
}
ROLE_NAMES: Mapping[str, str] = {
    "viewer": "Viewer",
    "responder": "Responder",
    "manager": "Manager",
    "admin": "Administrator",
}
URGENCIES: Mapping[str, str] = {
    "high": "When it cannot wait",
    "low": "When it can wait",
}
URGENCY_HINTS: Mapping[str, str] = {
    "high": "High urgency: critical, error and unknown severity",
    "low": "Low urgency: warning and info",
}
BY_DEFAULT: Mapping[str, str] = {
    "high": "No rule: every way at once.",
    "low": "No rule: the first way.",
}
STATES: Mapping[str, str] = {
    "verified": "Reaches you",
    "untested": "Not tested",
    "waiting": "Waiting for your answer",
    "failed": "Refused",
}
STATE_CLASSES: Mapping[str, str] = {
    "verified": "ok",
    "untested": "warn",
    "waiting": "info",
    "failed": "bad",
}
THEMES = (
    ("system", "As my system has it"),
    ("dark", "Dark"),
    ("light", "Light"),
    ("night", "Night: true black and warm, for 3 in the morning"),
)
LINK_ONCE = "This link is shown once. Send it to {who} yourself; it works once."


def link_once(who: str) -> str:
    return LINK_ONCE.format(who=who)
