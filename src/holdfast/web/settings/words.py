"""What the settings screens say where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

TABS = (
    ("/settings", "Health and settings"),
    ("/settings/guardrails", "Guardrails"),
    ("/settings/tokens", "API tokens"),
)
SOURCES: Mapping[str, str] = {
    "default": "default",
    "environment": "environment",
    "flag": "flag",
    "file": "holdfast.toml",
    "database": "database",
}
STRENGTHS: Mapping[str, str] = {
    "must": "refuses",
    "should": "asks for a reason",
    "may": "hints",
}
STRENGTH_CLASSES: Mapping[str, str] = {"must": "bad", "should": "warn", "may": "info"}
HEALTH_ICONS: Mapping[str, str] = {
    "ok": "circle-check",
    "warn": "circle-alert",
    "bad": "triangle-alert",
}
TOKEN_ONCE = "This is the only time the token is shown. Copy it now; it is kept only as a hash."
