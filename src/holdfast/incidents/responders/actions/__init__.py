"""The verbs of responders: ask, come, join, let go."""

from holdfast.incidents.responders.actions.appoint import appoint, hand_off
from holdfast.incidents.responders.actions.ask import (
    Ask,
    ask,
    crew_facts,
    note_working,
    on_page_opened,
    page_for,
    request,
)
from holdfast.incidents.responders.actions.come import (
    accept,
    answer_page,
    decline,
    end_all,
    join,
    on_exhausted,
    on_page_answered,
    open_war_room,
    release,
    watch_alone,
)
from holdfast.incidents.responders.actions.escalate import ask_escalation, grant, refuse
from holdfast.incidents.responders.actions.prompt import begin_prompts

__all__ = [
    "Ask",
    "accept",
    "answer_page",
    "appoint",
    "ask",
    "ask_escalation",
    "begin_prompts",
    "crew_facts",
    "decline",
    "end_all",
    "grant",
    "hand_off",
    "join",
    "note_working",
    "on_exhausted",
    "on_page_answered",
    "on_page_opened",
    "open_war_room",
    "page_for",
    "refuse",
    "release",
    "request",
    "watch_alone",
]
