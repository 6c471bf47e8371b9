"""What the answer page says where a value decides the sentence."""

from __future__ import annotations

from collections.abc import Mapping

from holdfast.web.pages.views import AnsweredPage

GOT_IT = "I’ve got it"
QUEUED = "No connection. Still trying."
HEADLINES: Mapping[str, str] = {
    "acknowledged": "You have it",
    "taken": "Somebody has it",
    "over": "It ended by itself",
    "declined": "It goes on without you",
    "escalated": "Passed on",
    "test_received": "It reached you",
}
ICONS: Mapping[str, str] = {
    "acknowledged": "check",
    "taken": "check",
    "over": "moon",
    "declined": "arrow-right-left",
    "escalated": "arrow-right-left",
    "test_received": "check",
}


def headline(view: AnsweredPage) -> str:
    if view.outcome == "taken" and view.by:
        return f"{view.by} has it"
    return HEADLINES[view.outcome]


def sentence(view: AnsweredPage) -> str:
    """What is true now, and what the reader still has to do."""
    if view.outcome == "acknowledged":
        return f"Paging stopped. {_woken(view.woken)}"
    if view.outcome in ("escalated", "declined"):
        whom = f"{view.next_person} is paged" if view.next_person else "The next step is taken"
        return f"{whom} now. We stop paging you for this."
    return _CALM[view.outcome]


def _woken(count: int) -> str:
    if count == 0:
        return "Nobody else was woken."
    return "One other was paged before." if count == 1 else f"{count} others were paged before."


_CALM: Mapping[str, str] = {
    "taken": "Nothing to do. You can sleep.",
    "over": "Nothing to do. You can sleep.",
    "test_received": "This way works. Nobody was paged, nothing is wrong.",
}
