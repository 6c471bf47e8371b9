"""The one line by which a person recognises a message, in every channel the same."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.sdk.clean import clean_line
from holdfast.sdk.cut import cut
from holdfast.sdk.notifier import Message, MessageKind

REHEARSAL = "REHEARSAL"
HEADLINE_CHARS_MAX = 1200
_SEVERITY_CHARS_MAX = 16
_REHEARSED = f"{REHEARSAL}: "
_UNTOLD = ("", "unknown")


def headline(message: Message) -> str:
    """How bad and what, on one line: “[CRITICAL] Card payments fail”.

    Severity first (ui.md 5.3), taken from the alert or incident in the payload, else the urgency;
    it is said once, also where the title begins with it. A message that is no page has no such
    word. In a rehearsal that word stands before all.
    """
    title, _ = clean_line(message.title, HEADLINE_CHARS_MAX)
    title = title.removeprefix(_REHEARSED) if message.rehearsal else title
    if message.kind is MessageKind.PAGE:
        stated = _severity(message)
        if stated and title.lower().startswith(f"{stated.lower()} · "):
            title = title[len(stated) + len(" · ") :]
        shown = message.urgency.value if stated in _UNTOLD else stated
        title = f"[{shown.upper()}] {title or 'A page without a title'}"
    return cut(f"{_REHEARSED}{title}" if message.rehearsal else title, HEADLINE_CHARS_MAX)


def _severity(message: Message) -> str:
    for subject in ("incident", "alert"):
        about = message.payload.get(subject)
        severity = about.get("severity") if isinstance(about, Mapping) else None
        if isinstance(severity, Mapping):
            severity = severity.get("level")
        if isinstance(severity, str) and severity:
            return clean_line(severity, _SEVERITY_CHARS_MAX)[0]
    return ""
