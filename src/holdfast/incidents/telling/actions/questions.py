"""Questions of stakeholders: they wait for command, never among responders (ledger S2-09)."""

from __future__ import annotations

from dataclasses import replace

from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries, store, words
from holdfast.incidents.telling.model import (
    ANSWER_CHARS_MAX,
    QUESTION_CHARS_MAX,
    QUESTIONS_OPEN_MAX,
    IncidentQuestionAnswered,
    IncidentQuestionAsked,
    NoSuchQuestion,
    Question,
    QuestionState,
    QueueFull,
)
from holdfast.kernel.errors import Conflict, Forbidden, Invalid
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.people import permissions
from holdfast.practice.model import RoleKey
from holdfast.sdk import clean_text


class NotYoursToAnswer(Forbidden):
    """Command answers questions, or whoever answers for telling."""


class AnsweredAlready(Conflict):
    """Somebody has answered this question."""


def ask_question(tx: Tx, name: str, text: str) -> Question:
    """Puts a question into the queue of command, who is told. Raises QueueFull, Invalid."""
    permissions.require(tx.actor, "incidents.ask")
    incident = incidents.take(tx, name)
    said = _said(text, QUESTION_CHARS_MAX, "text")
    if store.open_question_count(tx, incident.id) >= QUESTIONS_OPEN_MAX:
        raise QueueFull(remedy="Read the updates; ask again when some are answered.")
    asked = Question(tx.chance.ordered_id("qu"), incident.id, said, named(tx.actor), tx.now)
    store.add_question(tx, asked)
    tx.record(IncidentQuestionAsked(incident.id, asked.id))
    for holder in _who_answers(tx, incident):
        notifications.notify(tx, holder, words.asked(incident, asked))
    return asked


def answer_question(tx: Tx, name: str, question_id: str, text: str) -> Question:
    """Answers a question; whoever asked is told. The same answer again changes nothing.

    Raises NoSuchQuestion, NotYoursToAnswer, AnsweredAlready, Invalid.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.incident(tx, name)
    taken = store.take_question(tx, question_id)
    if taken is None or taken.incident != incident.id:
        raise NoSuchQuestion
    if not roles.may_order(tx, incident) and tx.actor.user_id not in _tellers(tx, incident):
        raise NotYoursToAnswer(remedy="Tell the commander what you know.")
    said = _said(text, ANSWER_CHARS_MAX, "answer")
    if taken.state is QuestionState.ANSWERED:
        if taken.answer == said:
            return taken
        raise AnsweredAlready(f"{taken.answered_by} has answered it: {taken.answer}")
    answered = replace(
        taken,
        state=QuestionState.ANSWERED,
        answer=said,
        answered_by=named(tx.actor),
        answered_at=tx.now,
    )
    store.answer_question(tx, answered)
    tx.record(IncidentQuestionAnswered(incident.id, answered.id))
    notifications.notify(tx, answered.asked_by, words.answered(incident, answered))
    return answered


def _who_answers(tx: Tx, incident: Incident) -> list[str]:
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    return [incident.declared_by] if commander is None else [commander]


def _tellers(tx: Tx, incident: Incident) -> set[str | None]:
    return {roles.accountable(tx, incident, duty) for duty in queries.TELLING_DUTIES} - {None}


def _said(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Invalid(f"Say it in {most} characters.", fields={field: "too long"})
    said = clean_text(text, most)[0].strip()
    if not said:
        raise Invalid("This needs words.", fields={field: "is empty"})
    return said
