"""What the codes in events are called when people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def called(field: str, code: str) -> str:
    """A clock's, a gap's, a role's or a reason's code in words; what has none is said as it is."""
    known = _WORDS.get(field, {})
    # `task:tk_…`, `responder:rq_…`: one clock for each of a kind.
    start = f"{code.partition(':')[0]}:"
    return known.get(code) or known.get(start) or code.replace("_", " ")


_CLOCKS: Mapping[str, str] = {
    "ack": "the time to acknowledge",
    "engage": "the time to begin to work on it",
    "war_room": "the time to open a room",
    "restore": "the time to restore",
    "roles": "the time to fill the roles",
    "verify": "the verify window",
    "reevaluate": "the time until the severity is looked at again",
    "impact": "the time until somebody says who is hurt",
    "update:internal": "the time until everybody inside hears more",
    "update:leaders": "the time until leaders hear more",
    "update:customers": "the time until customers hear more",
    "command_silent": "the time without a word from command",
    "no_mitigation": "the time until something is done",
    "no_mitigation_again": "the time to answer whether more people are needed",
    "solo": "the time of one person alone",
    "scribe": "the time without an entry",
    "mark": "the time to the next mark",
    "task:": "the time for a task",
    "report:": "the time for a report",
    "responder:": "the time to answer a request for help",
    "joining:": "the time to join",
    "role:": "the time without that role",
    "shift:": "the shift of whoever holds it",
    "handoff:": "the time to accept a hand-off",
    "hypothesis:": "the time for one hypothesis without a test",
    "mitigation:": "the time for a mitigation",
    "escalation_request:": "the time for command to answer",
}
_GAPS: Mapping[str, str] = {
    "split_roles": "one person holds roles that should be apart",
    "request_unanswered": "nobody answered a request for help",
    "request_exhausted": "everybody was asked for help and nobody comes",
    "role_missing": "a role that is needed has nobody",
    "command_silent": "command is silent",
    "command_prompted": "command was asked whether it is still there",
    "shift_ended": "a shift ended without a hand-off",
    "not_joined": "somebody accepted and has not joined",
    "solo_responder": "one person is alone with it",
    "timeline_silent": "nobody has written anything for a while",
    "no_war_room": "there is no room where people meet",
    "group_missing": "a group that should be called does not exist",
    "task_overdue": "a task is late",
    "report_overdue": "a report to command is late",
    "update_overdue": "an update is late",
}
_ROLES: Mapping[str, str] = {
    "command": "commander",
    "operations": "operations lead",
    "technical_lead": "technical lead",
    "communications": "communications lead",
}
_REASONS: Mapping[str, str] = {
    "level": "the severity says so",
    "asked": "somebody asked for them",
    "role": "a role needs somebody",
    "solo": "one person was alone",
    "silent": "command is silent",
    "shift": "a shift ends",
    "on_call": "on call",
}
_STATES: Mapping[str, str] = {
    "accepted": "is coming",
    "declined": "cannot come",
    "unanswered": "unanswered: everybody was asked",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "clock": _CLOCKS,
    "gap": _GAPS,
    "role": _ROLES,
    "why": _REASONS,
    "state": _STATES,
}
