"""What the API of command gives."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, Field

from holdfast.incidents.board.queries import CommandBoard
from holdfast.incidents.responders.model import Presence, RequestState, Responder, Room
from holdfast.incidents.responders.model import Request as HelpRequest
from holdfast.incidents.roles.model import Handoff, Holding, OfferState, Seat, Why
from holdfast.incidents.shape import seat_object
from holdfast.incidents.tasks.model import Kind, Task, TaskState
from holdfast.web.command.bodies import BriefingBody
from holdfast.web.incidents.shapes import ClockShape, RoleShape


class SeatShape(RoleShape):
    """One role of the incident: held, being handed off, proposed, missing, or open."""

    role: str


class HoldingShape(BaseModel):
    """One stint of one person in one role."""

    role: str
    user: str
    state: str
    since: datetime
    until: datetime | None
    how: str
    primary: bool
    assigned_by: str | None


class HandoffShape(BaseModel):
    """An offer of a role; it changes hands when it is accepted, and not before."""

    id: str
    role: str
    giver: str
    to: str
    briefing: BriefingBody
    why: Why
    state: OfferState
    offered_at: datetime
    ended_at: datetime | None
    read_back: str


class ResponderShape(BaseModel):
    """Somebody who was asked or came, as the roll call says it."""

    user: str
    presence: Presence
    asked_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    joined_at: datetime | None
    released_at: datetime | None


class RequestShape(BaseModel):
    """Somebody is paged to help. At `answer_by` command is told that nobody has answered."""

    id: str
    target: str
    why: str
    reason: str
    role: str | None
    state: RequestState
    asked_by: str
    asked_at: datetime
    answer_by: datetime
    answered_by: str | None
    answered_at: datetime | None
    eta_minutes: int | None


class RoomShape(BaseModel):
    """Where responders meet, and how many have joined."""

    address: str
    fallback: str
    recording: str
    opened_by: str
    opened_at: datetime
    joined: int


class ReportShape(BaseModel):
    """How it stands, what is being done, what is needed."""

    condition: str
    actions: str
    needs: str


class TaskShape(BaseModel):
    """Work given to one person; `to` null: it waits to be claimed."""

    id: str
    kind: Kind
    to: str | None
    text: str
    state: TaskState
    critical: bool
    given_by: str
    given_at: datetime
    due_at: datetime
    overdue: bool
    read_back: str
    read_back_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    result: str
    report: ReportShape | None


class TimerShape(ClockShape):
    """One clock that runs."""

    name: str


class QuestionShape(BaseModel):
    """What a stakeholder asked; it waits for command."""

    id: str
    text: str
    asked_by: str
    asked_at: datetime


class HypothesisShape(BaseModel):
    """What somebody believes, and whether it is so."""

    id: str
    statement: str
    certainty: str
    owner: str | None


class FirstShape(BaseModel):
    """The most urgent of all: `what` is update_overdue, role_missing, split_roles, task_overdue,
    request_unanswered or not_joined."""

    what: str
    about: str


class CommandShape(BaseModel):
    """What command has to look at, most urgent first in each list."""

    first: FirstShape | None
    tasks: list[TaskShape]
    unclaimed: list[TaskShape]
    owners: list[SeatShape]
    missing: list[str]
    split: list[str] = Field(description="People who hold roles that this severity keeps apart.")
    timers: list[TimerShape]
    next_update_by: datetime | None
    hypotheses: list[HypothesisShape]
    questions: list[QuestionShape]
    requests: list[RequestShape]
    not_joined: list[str]
    working: list[str]
    too_wide: bool = Field(description="More people report to command than one can keep in view.")


def seat_shape(seat: Seat) -> SeatShape:
    """The role as the header of the room shows it."""
    return SeatShape.model_validate({"role": seat.role.value, **seat_object(seat)})


def holding_shape(held: Holding) -> HoldingShape:
    """One stint; `assigned_by` null: it came by itself."""
    said = asdict(held)
    return HoldingShape.model_validate({**said, "assigned_by": held.by})


def handoff_shape(offer: Handoff) -> HandoffShape:
    """The offer with its briefing."""
    return HandoffShape.model_validate(asdict(offer))


def responder_shape(person: Responder) -> ResponderShape:
    """One line of the roll call."""
    return ResponderShape.model_validate({**asdict(person), "presence": person.presence})


def request_shape(asked: HelpRequest) -> RequestShape:
    """One request; `reason` is what whoever asked has said."""
    return RequestShape.model_validate({**asdict(asked), "reason": asked.text})


def room_shape(room: Room, joined: int) -> RoomShape:
    """The room; `joined` counts who is in it."""
    return RoomShape.model_validate({**asdict(room), "joined": joined})


def task_shape(task: Task, now: datetime) -> TaskShape:
    """The task as it stands at that instant."""
    return TaskShape.model_validate({**asdict(task), "overdue": task.overdue(now)})


def command_shape(board: CommandBoard) -> CommandShape:
    """The six blocks of the console, and what else command is owed (ledger S4-14)."""
    todo = board.todo
    what, about = todo.first, todo.first_about
    return CommandShape(
        first=None if what is None else FirstShape(what=what, about=about or ""),
        tasks=[task_shape(each, todo.now) for each in todo.tasks],
        unclaimed=[task_shape(each, todo.now) for each in todo.unclaimed],
        owners=[seat_shape(each) for each in todo.seats],
        missing=[role.value for role in todo.missing],
        split=list(dict.fromkeys(split.user for split in todo.splits)),
        timers=[
            TimerShape.model_validate({**asdict(each), "running": each.running})
            for each in todo.timers
        ],
        next_update_by=board.next_update_by,
        hypotheses=[
            HypothesisShape(id=h.id, statement=h.statement, certainty=h.certainty, owner=h.owner)
            for h in board.hypotheses
        ],
        questions=[
            QuestionShape(id=q.id, text=q.text, asked_by=q.asked_by, asked_at=q.asked_at)
            for q in board.questions
        ],
        requests=[request_shape(each) for each in todo.requests],
        not_joined=[each.user for each in todo.unjoined],
        working=list(todo.working),
        too_wide=todo.too_wide,
    )
