"""The one line by which a person recognises a message, in every channel the same."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.sdk.clean import clean_line
from holdfast.sdk.cut import cut
from holdfast.sdk.notifier import Message, MessageKind

REHEARSAL = "REHEARSAL"
HEADLINE_CHARS_MAX = 1200
_SEVERITY_CHARS_MAX = 16


def headline(message: Message) -> str:
    """How bad and what, on one line: “[CRITICAL] Card payments fail”.

    Severity first (ui.md 5.3), taken from the alert or incident in the payload, else the urgency;
    a message that asks nothing has no such word. In a rehearsal that word stands before all.
    """
    title, _ = clean_line(message.title, HEADLINE_CHARS_MAX)
    parts = [title or "A page without a title"]
    if message.kind is MessageKind.PAGE:
        parts.insert(0, f"[{_severity(message)}]")
    if message.rehearsal and not parts[-1].startswith(REHEARSAL):
        parts.insert(0, f"{REHEARSAL}:")
    return cut(" ".join(parts), HEADLINE_CHARS_MAX)


def _severity(message: Message) -> str:
    for subject in ("incident", "alert"):
        about = message.payload.get(subject)
        severity = about.get("severity") if isinstance(about, Mapping) else None
        if isinstance(severity, Mapping):
            severity = severity.get("level")
        if isinstance(severity, str) and severity not in ("", "unknown"):
            return clean_line(severity, _SEVERITY_CHARS_MAX)[0].upper()
    return message.urgency.value.upper()
