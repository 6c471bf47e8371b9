"""Give work to a named person, hear it read back, and see it done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.actions.holding import let_in, require_person
from holdfast.incidents.roles.guardrails import ACCEPT, EXECUTE, AcceptFacts
from holdfast.incidents.tasks import queries, store
from holdfast.incidents.tasks.guardrails import CLAIM, GIVE, ClaimFacts, GiveFacts
from holdfast.incidents.tasks.model import (
    MINUTES_MAX,
    MINUTES_MIN,
    RESULT_CHARS_MAX,
    TASKS_MAX,
    TEXT_CHARS_MAX,
    IncidentReported,
    IncidentTaskClaimed,
    IncidentTaskEnded,
    IncidentTaskGiven,
    IncidentTaskReadBack,
    Kind,
    NoSuchTask,
    NotYours,
    Report,
    Task,
    TaskOver,
    TaskState,
)
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.sdk import clean_line, clean_text

TASK = "task:"  # and its id: the clock of its time box
REPORT_WORDS = "Report condition, actions and needs to command."


def give(tx: Tx, name: str, to: str | None, text: str, minutes: int) -> Task:
    """Gives work to one person, for so many minutes (ledger S0-18).

    Raises NoSuchUser, Invalid, Ended, and the refusal NAME_A_PERSON.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    crew = tuple(responders.working(tx, incident.id))
    uphold(tx, GIVE, GiveFacts(to, text, crew), about=incident.id)
    return add(tx, incident, Kind.TASK, to, (text, minutes))


def put_up(tx: Tx, name: str, text: str, minutes: int, *, critical: bool = True) -> Task:
    """A step that one person is to claim; while nobody has, a critical one stands in command's
    list."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    return add(tx, incident, Kind.TASK, None, (text, minutes), critical=critical)


def claim(tx: Tx, name: str, task_id: str, *, break_glass: str = "") -> Task:
    """The actor takes it. Of two at once one has it; the other is told who.

    Raises NoSuchTask, TaskOver, and the refusals ALREADY_CLAIMED, IC_MUST_NOT_EXECUTE.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, task = _taken(tx, name, task_id)
    user = _person(tx)
    uphold(tx, CLAIM, ClaimFacts(user, task.to), about=incident.id)
    if task.to == user:
        return task
    facts = roles.execution_facts(tx, incident, user)
    uphold(tx, EXECUTE, facts, about=incident.id, reason=break_glass)
    claimed = replace(task, to=user, state=TaskState.READ_BACK, read_back_at=tx.now)
    store.save(tx, claimed)
    tx.record(IncidentTaskClaimed(incident.id, task.id, user))
    return claimed


def read_back(tx: Tx, name: str, task_id: str, words: str) -> Task:
    """Whoever it was given to says what they understood. Raises NotYours, READ_BACK_REQUIRED."""
    permissions.require(tx.actor, "incidents.respond")
    incident, task = _taken(tx, name, task_id)
    if task.to != _person(tx):
        raise NotYours
    said = clean_text(words, TEXT_CHARS_MAX)[0].strip()
    uphold(tx, ACCEPT, AcceptFacts(task.text, said), about=incident.id)
    understood = replace(task, state=TaskState.READ_BACK, read_back=said, read_back_at=tx.now)
    store.save(tx, understood)
    tx.record(IncidentTaskReadBack(incident.id, task.id, task.to or ""))
    return understood


def finish(tx: Tx, name: str, task_id: str, result: str = "") -> Task:
    """It is done; `result` says what came of it. By its person or by command."""
    permissions.require(tx.actor, "incidents.respond")
    incident, task = _taken(tx, name, task_id)
    if tx.actor.user_id != task.to and not roles.may_order(tx, incident):
        raise NotYours
    said = clean_text(result, RESULT_CHARS_MAX)[0].strip()
    return _end(tx, task, TaskState.DONE, said)


def cancel(tx: Tx, name: str, task_id: str, why: str = "") -> Task:
    """It is not to be done any more. By whoever gave it, its person, or command."""
    permissions.require(tx.actor, "incidents.respond")
    incident, task = _taken(tx, name, task_id)
    theirs = tx.actor.user_id in (task.to, task.given_by)
    if not theirs and not roles.may_order(tx, incident):
        raise NotYours
    return _end(tx, task, TaskState.CANCELLED, clean_text(why, RESULT_CHARS_MAX)[0].strip())


def ask_report(tx: Tx, name: str, to: str, minutes: int) -> Task:
    """Asks somebody for condition, actions and needs, in so many minutes (ledger S2-10)."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    return add(tx, incident, Kind.REPORT, to, (REPORT_WORDS, minutes))


def report(tx: Tx, name: str, said: Report) -> Task:
    """Tells command how it stands; it answers the oldest report that the actor was asked for."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _open_incident(tx, name)
    user = _person(tx)
    asked = [
        each
        for each in queries.live(tx, incident.id)
        if each.kind is Kind.REPORT and each.to == user
    ]
    due = asked[0] if asked else _unasked(tx, incident, user)
    told = replace(due, report=_clean(said))
    store.save(tx, told)
    ended = _end(tx, told, TaskState.DONE, "")
    tx.record(IncidentReported(incident.id, due.id, user))
    return ended


def add(
    tx: Tx, incident: Incident, kind: Kind, to: str | None, what: tuple[str, int], *,
    critical: bool = False,
) -> Task:  # fmt: skip
    """The task itself, whoever gives it; its clock runs from now.

    Raises NoSuchUser, CannotRespond, Invalid.
    """
    if to is not None:
        require_person(tx, to)
    text, minutes = what
    words, _ = clean_line(text, TEXT_CHARS_MAX)
    if not words:
        raise Invalid("A task says what is to be done.", fields={"text": "say what"})
    if not MINUTES_MIN <= minutes <= MINUTES_MAX:
        why = f"{MINUTES_MIN} to {MINUTES_MAX}"
        raise Invalid("A task has a number of minutes.", fields={"minutes": why})
    if len(queries.tasks(tx, incident.id)) >= TASKS_MAX:
        raise Invalid(f"An incident has at most {TASKS_MAX} tasks.")
    task = Task(
        id=tx.new_id("tk"),
        incident=incident.id,
        kind=kind,
        to=to,
        text=words,
        given_by=named(tx.actor),
        given_at=tx.now,
        due_at=tx.now + timedelta(minutes=minutes),
        state=TaskState.OPEN if to is None else TaskState.GIVEN,
        critical=critical,
    )
    store.save(tx, task)
    if to is not None:
        let_in(tx, incident, to)
    tx.record(IncidentTaskGiven(incident.id, task.id, to, kind.value, task.due_at))
    clocks.start(tx, incident.id, f"{TASK}{task.id}", task.due_at)
    return task


def _unasked(tx: Tx, incident: Incident, user: str) -> Task:
    return add(tx, incident, Kind.REPORT, user, (REPORT_WORDS, MINUTES_MIN))


def _end(tx: Tx, task: Task, state: TaskState, result: str) -> Task:
    ended = replace(task, state=state, ended_at=tx.now, ended_by=named(tx.actor), result=result)
    store.save(tx, ended)
    clocks.stop(tx, task.incident, f"{TASK}{task.id}")
    tx.record(IncidentTaskEnded(task.incident, task.id, state.value))
    return ended


def _clean(said: Report) -> Report:
    def text(words: str) -> str:
        return clean_text(words, RESULT_CHARS_MAX)[0].strip()

    cleaned = Report(text(said.condition), text(said.actions), text(said.needs))
    if not cleaned.condition:
        raise Invalid("A report says how it stands.", fields={"condition": "say how it stands"})
    return cleaned


def _open_incident(tx: Tx, name: str) -> Incident:
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    return incident


def _taken(tx: Tx, name: str, task_id: str) -> tuple[Incident, Task]:
    incident = incidents.take(tx, name)
    task = store.take(tx, task_id)
    if task is None or task.incident != incident.id:
        raise NoSuchTask
    if not task.live:
        raise TaskOver
    return incident, task


def _person(tx: Tx) -> str:
    if tx.actor.user_id is None:
        raise NotYours("Only a person takes a task.", remedy="Act as yourself.")
    return tx.actor.user_id
