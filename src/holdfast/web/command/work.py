"""Work by API: tasks, steps to claim, and reports."""

from __future__ import annotations

from collections.abc import Callable

from holdfast.incidents import queries as incidents
from holdfast.incidents.tasks import actions as task_actions
from holdfast.incidents.tasks import queries as tasks
from holdfast.incidents.tasks.model import Task
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.web.command.bodies import (
    AskReportBody,
    GlassBody,
    ReportBody,
    ResultBody,
    TaskBody,
    WordsBody,
)
from holdfast.web.command.shapes import TaskShape, task_shape
from holdfast.web.context import Context, ContextDep
from holdfast.web.cursor import AskedDep, Listing
from holdfast.web.rest import NamePath, act, row


def list_tasks(ctx: ContextDep, incident_id: NamePath, asked: AskedDep) -> Listing[TaskShape]:
    """Every task, in the order in which they were given."""
    with ctx.read() as tx:
        found = tasks.tasks(tx, incidents.incident(tx, incident_id).id)
        now = tx.now
    shown, following = asked.by_count(found)
    return Listing(items=[task_shape(each, now) for each in shown], next=following)


def give(ctx: ContextDep, incident_id: NamePath, body: TaskBody) -> TaskShape:
    """Gives work to one person, or puts up a step that somebody is to claim."""
    what = (body.text, body.minutes)
    if not body.open:
        return _task(ctx, lambda tx: task_actions.give(tx, incident_id, body.to, *what))
    if body.to is not None:
        raise Invalid("A step to be claimed names nobody.", fields={"to": "leave out one of them"})
    return _task(
        ctx, lambda tx: task_actions.put_up(tx, incident_id, *what, critical=body.critical)
    )


def claim(
    ctx: ContextDep, incident_id: NamePath, task_id: NamePath, body: GlassBody | None = None
) -> TaskShape:
    """Takes a step; of two at once, one has it."""
    glass = "" if body is None else body.break_glass
    return _task(ctx, lambda tx: task_actions.claim(tx, incident_id, task_id, break_glass=glass))


def read_back(
    ctx: ContextDep, incident_id: NamePath, task_id: NamePath, body: WordsBody
) -> TaskShape:
    """Whoever it was given to says what they understood."""
    return _task(ctx, lambda tx: task_actions.read_back(tx, incident_id, task_id, body.words))


def finish(
    ctx: ContextDep, incident_id: NamePath, task_id: NamePath, body: ResultBody | None = None
) -> TaskShape:
    """It is done."""
    said = "" if body is None else body.result
    return _task(ctx, lambda tx: task_actions.finish(tx, incident_id, task_id, said))


def cancel(
    ctx: ContextDep, incident_id: NamePath, task_id: NamePath, body: ResultBody | None = None
) -> TaskShape:
    """It is not to be done any more."""
    said = "" if body is None else body.result
    return _task(ctx, lambda tx: task_actions.cancel(tx, incident_id, task_id, said))


def ask_report(ctx: ContextDep, incident_id: NamePath, body: AskReportBody) -> TaskShape:
    """Asks somebody for condition, actions and needs."""
    return _task(ctx, lambda tx: task_actions.ask_report(tx, incident_id, body.to, body.minutes))


def report(ctx: ContextDep, incident_id: NamePath, body: ReportBody) -> TaskShape:
    """Tells command how it stands."""
    return _task(ctx, lambda tx: task_actions.report(tx, incident_id, body.said()))


def _task(ctx: Context, action: Callable[[Tx], Task]) -> TaskShape:
    return act(ctx, lambda tx: task_shape(action(tx), tx.now))


_ONE = "incidents/{incident_id}"
_STEP = f"{_ONE}/tasks/{{task_id}}"
_READ = "incidents.read"
_RESPOND = "incidents.respond"
ROUTES = (
    row("GET", f"{_ONE}/tasks", list_tasks, _READ, summary="All tasks"),
    row("POST", f"{_ONE}/tasks", give, _RESPOND, summary="Give somebody a task", status=201),
    row("POST", f"{_STEP}/claim", claim, _RESPOND, summary="Take a step"),
    row("POST", f"{_STEP}/read-back", read_back, _RESPOND, summary="Say what was understood"),
    row("POST", f"{_STEP}/done", finish, _RESPOND, summary="It is done"),
    row("POST", f"{_STEP}/cancel", cancel, _RESPOND, summary="Not to be done any more"),
    row("POST", f"{_ONE}/reports/ask", ask_report, _RESPOND, summary="Ask for a report"),
    row("POST", f"{_ONE}/reports", report, _RESPOND, summary="Report to command"),
)
