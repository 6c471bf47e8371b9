"""The verbs of alerts: receive signals, take answers, hold and release."""

from holdfast.alerts.actions.answer import (
    acknowledge,
    answer_page,
    escalate,
    on_page_answered,
    reassign,
    resolve,
    unacknowledge,
)
from holdfast.alerts.actions.hold import (
    end_snooze,
    merge,
    release,
    rescue_snooze,
    snooze,
)
from holdfast.alerts.actions.receive import open_by_hand, receive, receive_raw

__all__ = [
    "acknowledge",
    "answer_page",
    "end_snooze",
    "escalate",
    "merge",
    "on_page_answered",
    "open_by_hand",
    "reassign",
    "receive",
    "receive_raw",
    "release",
    "rescue_snooze",
    "resolve",
    "snooze",
    "unacknowledge",
]
