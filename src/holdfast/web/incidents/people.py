"""Who was asked and what they do: responders, tasks, hypotheses, and what command looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from holdfast.incidents.clocks.model import Clock as Running
from holdfast.incidents.hypotheses.model import Hypothesis
from holdfast.incidents.model import Incident
from holdfast.incidents.record.model import Certainty
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.responders.model import Presence, Request, RequestState
from holdfast.incidents.responders.model import Responder as Asked
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.tasks.model import Kind, Task, TaskState
from holdfast.incidents.telling import queries as telling
from holdfast.incidents.telling.model import Question as AskedOf
from holdfast.kernel.tx import Tx
from holdfast.web.faces import Faces
from holdfast.web.incidents import words
from holdfast.web.incidents.room_views import (
    Console,
    Due,
    HypothesisRow,
    Question,
    Responder,
    TaskRow,
)
from holdfast.web.incidents.views import Clock
from holdfast.web.layout.words import length
from holdfast.web.policies.targets import named_targets

State = Literal["asked", "accepted", "joined", "declined", "no_answer", "released"]
_STATES: dict[Presence, State] = {
    Presence.ASKED: "asked",
    Presence.COMING: "accepted",
    Presence.JOINED: "joined",
    Presence.DECLINED: "declined",
    Presence.RELEASED: "released",
}
_ORDER = ("asked", "accepted", "joined", "no_answer", "declined", "released")
UPDATE = "update:"
TIMERS_SHOWN_MAX = 8
UNASKED = timedelta(seconds=1)  # whoever answers so fast was not asked
QUESTIONS_SHOWN_MAX = 20


def responder_rows(tx: Tx, incident: Incident, faces: Faces) -> tuple[Responder, ...]:
    """Everybody who was asked; whoever has to answer first, then who is there."""
    requests = responders.requests(tx, incident.id)
    people = [_person(each, requests, faces) for each in responders.responders(tx, incident.id)]
    unanswered = [each for each in requests if each.state is RequestState.UNANSWERED]
    names = named_targets(tx) if unanswered else {}
    nobody = [_nobody(each, names) for each in unanswered]
    return tuple(sorted([*people, *nobody], key=lambda each: (_ORDER.index(each.state), each.at)))


def task_rows(tasks: Sequence[Task], faces: Faces, now: datetime) -> tuple[TaskRow, ...]:
    """What is not over first, by when it is due; cancelled ones are left out."""
    kept = [task for task in tasks if task.state is not TaskState.CANCELLED]
    ordered = sorted(kept, key=lambda task: (not task.live, task.due_at, task.id))
    return tuple(
        TaskRow(
            id=task.id,
            text=task.text,
            to=faces.maybe(task.to),
            due_at=task.due_at,
            done=not task.live,
            read_back=task.state is not TaskState.GIVEN or task.kind is Kind.REPORT,
            mine=task.to is not None and task.to == faces.reader,
            late=task.overdue(now),
            report=task.kind is Kind.REPORT,
        )
        for task in ordered
    )


def hypothesis_rows(
    found: Sequence[Hypothesis], faces: Faces, incident: Incident, now: datetime
) -> tuple[HypothesisRow, ...]:
    """Open ones first. One that was looked at by nobody for too long says so."""
    after = incident.pack.limits.fixation_after
    ordered = sorted(found, key=lambda each: (not each.open, each.opened_at))
    return tuple(
        HypothesisRow(
            id=each.id,
            statement=each.statement,
            prediction=each.prediction,
            state=_hypothesis_state(each),
            by=faces.maybe(each.owner if each.owner in faces.users else None),
            age_at=each.opened_at,
            fixated=each.open and not each.tests and now - each.opened_at > after,
        )
        for each in ordered
    )


def console_of(
    tx: Tx, incident: Incident, faces: Faces, running: Sequence[Running], tasks: Sequence[TaskRow]
) -> Console:
    """What command looks at, overdue things before everything else (ledger S4-14, S4-22)."""
    pack = incident.pack
    missing = [
        role.label for key in roles.missing(tx, incident) for role in pack.roles if role.key is key
    ]
    return Console(
        due=tuple(_dues(incident, running, missing, tasks, tx.now)),
        timers=tuple(
            Clock(_timer_label(each.name), each.due_at, "down")
            for each in running
            if not each.name.startswith(UPDATE) and _timer_label(each.name)
        )[:TIMERS_SHOWN_MAX],
        missing=tuple(missing),
        questions=tuple(
            _question(each, faces) for each in telling.questions(tx, incident.id) if not each.answer
        )[:QUESTIONS_SHOWN_MAX],
    )


def _dues(
    incident: Incident,
    running: Sequence[Running],
    missing: Sequence[str],
    tasks: Sequence[TaskRow],
    now: datetime,
) -> Iterator[Due]:
    for clock in running:
        if clock.name.startswith(UPDATE) and clock.due_at <= now:
            who = words.AUDIENCES[clock.name.removeprefix(UPDATE)][0].lower()
            yield Due(
                f"The update to {who} is late", "Post it, or say that there is nothing new.", "bad",
                clock.due_at, "#msg", "Post it",
            )  # fmt: skip
    for label in missing:
        remedy = f"It is needed at {incident.severity.level}."
        yield Due(f"{label} is missing", remedy, "warn", None, "#d-roles", "Give it")
    late = [task for task in tasks if task.late]
    if late:
        texts = ", ".join(task.text for task in late[:3])
        count = "1 task is late" if len(late) == 1 else f"{len(late)} tasks are late"
        yield Due(count, texts, "warn")
    if incident.severity.provisional or incident.severity.reevaluate:
        label = incident.severity.level
        why = "It was a guess." if incident.severity.provisional else "The impact has changed."
        yield Due(f"Still {label}?", why, "info", None, "", "It is", "severity-confirm")


def _timer_label(name: str) -> str:
    return words.TIMERS.get(name, "")


def _question(asked: AskedOf, faces: Faces) -> Question:
    return Question(asked.id, asked.text, faces.of(asked.asked_by).name, asked.asked_at)


def _person(asked: Asked, requests: Sequence[Request], faces: Faces) -> Responder:
    state = _STATES[asked.presence]
    waiting = [each for each in requests if each.waiting]
    mine = [each for each in waiting if each.target == f"user:{asked.user}"] or waiting
    return Responder(
        id=asked.user,
        name=faces.of(asked.user).name,
        face=faces.of(asked.user),
        state=state,
        detail=_detail(asked, requests),
        at=asked.asked_at,
        escalates_at=mine[0].answer_by if state == "asked" and mine else None,
        mine=asked.user == faces.reader,
    )


def _detail(asked: Asked, requests: Sequence[Request]) -> str:
    first = asked.accepted_at or asked.joined_at
    if first is not None:
        took = first - asked.asked_at
        return (
            f"Answered in {length(took)}"
            if took > timedelta(seconds=1)
            else "Came without being asked"
        )
    about = [each for each in requests if each.target == f"user:{asked.user}"] or list(requests)
    return about[-1].text if about else ""


def _nobody(request: Request, names: dict[str, str]) -> Responder:
    return Responder(
        id=request.id,
        name=names.get(request.target, request.target),
        face=None,
        state="no_answer",
        detail=request.text,
        at=request.asked_at,
    )


def _hypothesis_state(
    each: Hypothesis,
) -> Literal["open", "testing", "confirmed", "refuted", "inconclusive"]:
    match each.certainty:
        case Certainty.CONFIRMED:
            return "confirmed"
        case Certainty.REFUTED:
            return "refuted"
        case Certainty.INCONCLUSIVE:
            return "inconclusive"
        case Certainty.OPEN:
            return "testing" if each.tests else "open"
