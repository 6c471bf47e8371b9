"""The verbs on a whole incident: declare it, judge it, move it on, link, merge and end it."""

from holdfast.incidents.actions.declare import declare
from holdfast.incidents.actions.ending import merge
from holdfast.incidents.actions.impact import (
    answer_escalation,
    check,
    set_brief,
    set_impact,
    set_private,
    set_systems,
)
from holdfast.incidents.actions.linking import (
    link_alert,
    on_alert_acknowledged,
    on_alert_resolved,
    on_alert_triggered,
    on_page_opened,
)
from holdfast.incidents.actions.model import Declaration, Gate, Move, Times
from holdfast.incidents.actions.phases import move
from holdfast.incidents.actions.rebind import rebind
from holdfast.incidents.actions.severity import change_severity, confirm_severity, in_doubt
from holdfast.incidents.actions.times import set_times
from holdfast.incidents.actions.watch import ran_out
from holdfast.incidents.actions.witness import on_guardrail_overridden

__all__ = [
    "Declaration",
    "Gate",
    "Move",
    "Times",
    "answer_escalation",
    "change_severity",
    "check",
    "confirm_severity",
    "declare",
    "in_doubt",
    "link_alert",
    "merge",
    "move",
    "on_alert_acknowledged",
    "on_alert_resolved",
    "on_alert_triggered",
    "on_guardrail_overridden",
    "on_page_opened",
    "ran_out",
    "rebind",
    "set_brief",
    "set_impact",
    "set_private",
    "set_systems",
    "set_times",
]
