"""The verbs of tasks: give, put up, claim, read back, finish, report; and what follows a phase."""

from holdfast.incidents.tasks.actions.follow import (
    begin,
    end_all,
    follow_phase,
    follow_severity,
    mark_due,
    task_due,
)
from holdfast.incidents.tasks.actions.work import (
    add,
    ask_report,
    cancel,
    claim,
    finish,
    give,
    put_up,
    read_back,
    report,
)

__all__ = [
    "add",
    "ask_report",
    "begin",
    "cancel",
    "claim",
    "end_all",
    "finish",
    "follow_phase",
    "follow_severity",
    "give",
    "mark_due",
    "put_up",
    "read_back",
    "report",
    "task_due",
]
