"""What a task is: one person, one thing to do, so many minutes, and a read-back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from holdfast.kernel.errors import Conflict, NotFound
from holdfast.timeline.event import Event

TEXT_CHARS_MAX = 500
RESULT_CHARS_MAX = 1000
MINUTES_MIN = 1
MINUTES_MAX = 14 * 24 * 60
TASKS_MAX = 500  # of one incident
AFTERWARDS_MINUTES = 3 * 24 * 60  # for what is owed after it is resolved


class Kind(StrEnum):
    TASK = "task"
    REPORT = "report"  # condition, actions, needs (ledger S2-10)
    SPLIT = "split_roles"  # one person holds what this severity keeps apart (ledger S3-12)
    AFTERWARDS = "post_incident"  # owed after it is resolved (ledger S2-12)


class TaskState(StrEnum):
    OPEN = "open"  # nobody has it yet
    GIVEN = "given"
    READ_BACK = "read_back"  # its person has said what they understood
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = (TaskState.OPEN, TaskState.GIVEN, TaskState.READ_BACK)


@dataclass(frozen=True, slots=True)
class Report:
    """How it stands, what is being done, what is needed (ledger B6)."""

    condition: str
    actions: str
    needs: str


@dataclass(frozen=True, slots=True)
class Task:
    """Work given to one person. `to` None: it waits for somebody to claim it."""

    id: str
    incident: str
    kind: Kind
    to: str | None
    text: str
    given_by: str
    given_at: datetime
    due_at: datetime
    state: TaskState
    critical: bool = False
    read_back: str = ""
    read_back_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    result: str = ""
    report: Report | None = None

    @property
    def live(self) -> bool:
        return self.state in LIVE

    def overdue(self, now: datetime) -> bool:
        return self.live and self.due_at <= now


class NoSuchTask(NotFound):
    """There is no such task in this incident."""


class TaskOver(Conflict):
    """This task is over."""


class NotYours(Conflict):
    """This task was given to somebody else."""


@dataclass(frozen=True, slots=True)
class IncidentTaskGiven(Event):
    """`to` None: it waits for somebody to claim it."""

    kind = "incident.task_given"
    task: str = ""
    to: str | None = None
    what: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentTaskClaimed(Event):
    kind = "incident.task_claimed"
    task: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class IncidentTaskReadBack(Event):
    kind = "incident.task_read_back"
    task: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class IncidentTaskEnded(Event):
    kind = "incident.task_ended"
    task: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class IncidentReported(Event):
    """Somebody has told command condition, actions and needs."""

    kind = "incident.reported"
    task: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class IncidentMarkReached(Event):
    """So many minutes have passed since it was declared (ledger B6)."""

    kind = "incident.mark_reached"
    minutes: int = 0
