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

INCIDENT = "Incident"
TEST_TITLE = "This is a test page"
TEST_SERVICE = "You asked for it. Nothing is wrong."
TEST_CODE = "TEST"
NO_ANSWER = "Say which answer: acknowledge, escalate or decline."
NO_ANSWER_REMEDY = 'Send {"answer": "acknowledge"} as JSON, or the same as a form.'
UNKNOWN_LINK_REMEDY = "Copy the whole address from the message."
OVER_DETAIL: Mapping[str, str] = {
    "taken": "Somebody else has it: your answer changes nothing.",
    "over": "It is over: nobody needs an answer any more.",
    "acknowledged": "You have acknowledged it already.",
    "escalated": "You have passed it on already.",
    "declined": "You have declined it already.",
    "test_received": "This test page was answered already.",
}
OVER_REMEDY = "Nothing is to be done."


def signals_so_far(count: int) -> str:
    return f"{count} signals so far"


def goes_to(names: list[str]) -> str:
    return f"Goes to {' and '.join(names)}" if names else "Goes to the last resort"


def happened_before(times: int, at_most: int) -> str:
    if times == 1:
        return "Happened once before"
    return f"Happened {times} times before" if times < at_most else "Has happened many times before"


def at_the_source(host: str) -> str:
    return f"At {host}"


def phase_is(phase: str) -> str:
    return f"Now {phase.replace('_', ' ')}"


def room_is(address: str) -> str:
    return f"Join: {address}"
