"""The verbs of telling: post, set the cadence, remind, ask and answer, subscribe."""

from holdfast.incidents.telling.actions.compose import Drafted, preview
from holdfast.incidents.telling.actions.pacing import end_cadence, set_cadence, start_cadence
from holdfast.incidents.telling.actions.posting import investigating, post
from holdfast.incidents.telling.actions.questions import answer_question, ask_question
from holdfast.incidents.telling.actions.reminding import TELLING, remind
from holdfast.incidents.telling.actions.subscribing import (
    remove_stakeholder,
    save_stakeholder,
    subscribe,
    unsubscribe,
)
from holdfast.incidents.telling.queries import final_missing

__all__ = [
    "TELLING",
    "Drafted",
    "answer_question",
    "ask_question",
    "end_cadence",
    "final_missing",
    "investigating",
    "post",
    "preview",
    "remind",
    "remove_stakeholder",
    "save_stakeholder",
    "set_cadence",
    "start_cadence",
    "subscribe",
    "unsubscribe",
]
