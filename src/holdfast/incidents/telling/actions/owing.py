"""What an audience is owed: its thread, its clock and the three reminders move together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Incident
from holdfast.incidents.telling import store
from holdfast.incidents.telling.cadence import after_due, remind_at
from holdfast.incidents.telling.model import Promise, Thread
from holdfast.kernel.tx import Tx
from holdfast.practice.model import Audience

TELLING = "incident.update"  # the kind of the timers that remind people


class Stage(StrEnum):
    """Who is reminded when: the holder before, command when it is due, the deputy after it."""

    SOON = "soon"
    DUE = "due"
    LATE = "late"


def owe(tx: Tx, incident: Incident, thread: Thread, due_at: datetime | None) -> None:
    """From now on this audience is owed something at `due_at`; None: nothing more."""
    store.save_thread(tx, replace(thread, due_at=due_at))
    name = clock_name(thread.audience)
    if due_at is None:
        clocks.stop(tx, incident.id, name)
        for stage in Stage:
            tx.drop_timer(TELLING, timer_key(incident.id, thread.audience, stage))
        return
    clocks.start(tx, incident.id, name, due_at)
    for stage in Stage:
        at = max(tx.now, stage_at(incident, stage, due_at))
        tx.set_timer(TELLING, timer_key(incident.id, thread.audience, stage), at)


def promise(
    tx: Tx, incident: Incident, audience: Audience, due_at: datetime, update: str | None
) -> None:
    """Writes down that something comes by then: said by an update, or by the practice itself."""
    store.add_promise(
        tx,
        Promise(
            tx.new_id("pr"), incident.id, audience, incident.severity.rank, tx.now, due_at, update
        ),
    )


def stage_at(incident: Incident, stage: Stage, due_at: datetime) -> datetime:
    """When a stage is reached for something that is due then."""
    match stage:
        case Stage.SOON:
            return remind_at(due_at)
        case Stage.DUE:
            return due_at
        case Stage.LATE:
            return after_due(due_at, incident.pack.limits)


def clock_name(audience: Audience) -> str:
    return f"update:{audience.value}"


def timer_key(incident_id: str, audience: Audience, stage: Stage) -> str:
    return f"{incident_id}/{audience.value}/{stage.value}"


def of_timer(key: str) -> tuple[str, Audience, Stage]:
    """The incident's id, the audience and the stage that a timer's key stands for."""
    incident, audience, stage = key.split("/")
    return incident, Audience(audience), Stage(stage)
