"""What a phase, a severity and the passing minutes bring with them for roles, people and tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.guardrails.actions import uphold
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.clocks import queries as running
from holdfast.incidents.model import Incident, IncidentCoordinationGap, Phase
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.responders.actions.inform import TASK_OVERDUE, tell_command
from holdfast.incidents.responders.actions.prompt import SCRIBE
from holdfast.incidents.responders.guardrails import ALONE
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.tasks import queries, store
from holdfast.incidents.tasks.actions.work import TASK, add
from holdfast.incidents.tasks.model import AFTERWARDS_MINUTES, IncidentMarkReached, Kind, TaskState
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.practice.model import Hours, RoleKey

MARK = "mark"
SPLIT_MINUTES = 5
ROLES_APART = "Split the roles that this severity keeps apart: {first} and {second} of {user}."
AFTERWARDS = (
    "Own the analysis of what contributed to this.",
    "Design an experiment that proves the fix.",
)


def begin(tx: Tx, incident: Incident) -> None:
    """The incident is declared: the marks are called from now on (ledger B6).

    What only waits in the backlog needs no marks and no prompts (ledger S4-04).
    """
    if incident.level.hours is Hours.NEVER:
        return
    clocks.start(tx, incident.id, MARK, tx.now + incident.pack.limits.mark_every)
    responders.begin_prompts(tx, incident)


def follow_severity(tx: Tx, incident: Incident) -> None:
    """Another severity counts: its roles are looked for, and what one person may not hold together
    any more is split (ledger S3-12)."""
    role_actions.propose(tx, incident, incident.level.roles_required)
    role_actions.settle_roles(tx, incident)
    found = roles.to_split(tx, incident)
    waiting = [each for each in queries.live(tx, incident.id) if each.kind is Kind.SPLIT]
    if not found:
        for task in waiting:
            _close(tx, incident, task.id)
        return
    if not waiting:
        split = found[0]
        words = ROLES_APART.format(
            first=split.first.value, second=split.second.value, user=split.user
        )
        commander = roles.holder(tx, incident.id, RoleKey.COMMAND) or split.user
        add(tx, incident, Kind.SPLIT, commander, (words, SPLIT_MINUTES))
        tx.record(IncidentCoordinationGap(incident.id, "split_roles", split.user))
    responders.watch_alone(tx, incident)


def follow_phase(tx: Tx, incident: Incident, *, break_glass: str = "") -> None:
    """Another phase begins. Resolved: whoever led the technical work owes two things after it
    (ledger S2-12). Ended: nobody holds, owes or is asked anything any more."""
    responders.watch_alone(tx, incident)
    if incident.phase is Phase.MONITORING:
        # One person alone says that it helped: that stays on the record (ledger S1-12).
        crew = responders.crew_facts(tx, incident)
        uphold(tx, ALONE, crew, about=incident.id, reason=break_glass)
    if incident.active:
        _resume(tx, incident)
        return
    for name in (MARK, SCRIBE):
        clocks.stop(tx, incident.id, name)
    if incident.phase is Phase.RESOLVED:
        _owe_afterwards(tx, incident)
    if incident.ended:
        end_all(tx, incident)


def end_all(tx: Tx, incident: Incident) -> None:
    """The incident is over."""
    responders.end_all(tx, incident, "the incident is over")
    role_actions.end_all(tx, incident, "the incident is over")
    for task in queries.live(tx, incident.id):
        if task.kind is not Kind.AFTERWARDS:
            _close(tx, incident, task.id)


def mark_due(tx: Tx, incident: Incident, name: str) -> None:
    """Ten more minutes have passed: said, and the next mark is set."""
    if not incident.active:
        return
    passed = tx.now - incident.instants.declared_at
    tx.record(IncidentMarkReached(incident.id, int(passed / timedelta(minutes=1))))
    clocks.start(tx, incident.id, MARK, tx.now + incident.pack.limits.mark_every)


def task_due(tx: Tx, incident: Incident, name: str) -> None:
    """A time box is over and its task is not: command is told (ledger B3, S2-10)."""
    task = store.take(tx, name.removeprefix(TASK))
    if task is None or not task.live:
        return
    gap = "report_overdue" if task.kind is Kind.REPORT else "task_overdue"
    tx.record(IncidentCoordinationGap(incident.id, gap, task.id))
    whom = "nobody yet" if task.to is None else people.user(tx, task.to).name
    tell_command(tx, incident, TASK_OVERDUE.format(user=whom, text=task.text), task.id)


def _resume(tx: Tx, incident: Incident) -> None:
    """Opened again after it was over, it needs people again; else nothing changes."""
    mark = running.clock(tx, incident.id, MARK)
    if mark is None or not mark.running:
        begin(tx, incident)
    if not roles.holders(tx, incident.id):
        role_actions.propose_all(tx, incident)


def _owe_afterwards(tx: Tx, incident: Incident) -> None:
    owner = roles.holder(tx, incident.id, RoleKey.OPERATIONS)
    owed = {each.text for each in queries.tasks(tx, incident.id) if each.kind is Kind.AFTERWARDS}
    for words in AFTERWARDS:
        if owner is not None and words not in owed:
            add(tx, incident, Kind.AFTERWARDS, owner, (words, AFTERWARDS_MINUTES))


def _close(tx: Tx, incident: Incident, task_id: str) -> None:
    task = queries.task(tx, incident.id, task_id)
    store.save(tx, replace(task, state=TaskState.CANCELLED, ended_at=tx.now))
    clocks.stop(tx, incident.id, f"{TASK}{task_id}")
