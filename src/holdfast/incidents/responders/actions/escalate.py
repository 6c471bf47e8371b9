"""A responder says that more people are needed: command decides, and where it does not answer in
time, it happens by itself (ledger S4-19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.responders import store
from holdfast.incidents.responders.actions.ask import call, request
from holdfast.incidents.responders.actions.inform import tell_command
from holdfast.incidents.responders.aim import SERVICE, aim
from holdfast.incidents.responders.model import (
    ANSWER_MINUTES,
    REASON_CHARS_MAX,
    AlreadyAnswered,
    CannotBeAsked,
    IncidentHelpAnswered,
    NoSuchRequest,
    Reason,
    Request,
    RequestState,
)
from holdfast.incidents.roles import actions as role_actions
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.sdk import clean_line

ESCALATION = "escalation_request:"  # and the request's id: the clock of command's answer
WANTED = "{user} asks to escalate to {target}: {reason}"


def ask_escalation(tx: Tx, name: str, reason: str, *, target: str = "") -> Request:
    """Asks command to page somebody; without a target, whoever is next for the first service.

    Command itself, and anybody while nobody commands, pages at once. Raises CannotBeAsked, Ended.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    whom = target or _service(incident)
    if roles.may_order(tx, incident):
        return request(tx, name, whom, reason)
    wanted = aim(whom, catalog.services(tx), people.teams(tx))
    made = Request(
        id=tx.new_id("rq"),
        incident=incident.id,
        target=wanted.target,
        why=Reason.ESCALATION,
        text=clean_line(reason, REASON_CHARS_MAX)[0],
        asked_by=tx.actor.user_id or str(tx.actor),
        asked_at=tx.now,
        answer_by=tx.now + incident.pack.limits.escalation_answer_within,
        state=RequestState.PENDING,
    )
    store.save_request(tx, made)
    clocks.start(tx, incident.id, f"{ESCALATION}{made.id}", made.answer_by)
    said = WANTED.format(user=made.asked_by, target=made.target, reason=made.text)
    tell_command(tx, incident, said, made.id)
    return made


def grant(tx: Tx, name: str, request_id: str) -> Request:
    """Command says yes: they are paged now. Raises NoSuchRequest, AlreadyAnswered."""
    permissions.require(tx.actor, "incidents.respond")
    incident, pending = _pending(tx, name, request_id)
    role_actions.require_order(tx, incident, pending.asked_by, "")
    return _go(tx, incident, pending)


def refuse(tx: Tx, name: str, request_id: str) -> Request:
    """Command says no: nobody is paged. Raises NoSuchRequest, AlreadyAnswered."""
    permissions.require(tx.actor, "incidents.respond")
    incident, pending = _pending(tx, name, request_id)
    role_actions.require_order(tx, incident, pending.asked_by, "")
    ended = replace(
        pending,
        state=RequestState.DECLINED,
        answered_by=tx.actor.user_id,
        answered_at=tx.now,
    )
    store.save_request(tx, ended)
    clocks.stop(tx, incident.id, f"{ESCALATION}{pending.id}")
    tx.record(IncidentHelpAnswered(incident.id, pending.id, tx.actor.user_id, ended.state.value))
    return ended


def escalation_due(tx: Tx, incident: Incident, name: str) -> None:
    """Command has not answered: when in doubt, escalate."""
    pending = store.take_request(tx, name.removeprefix(ESCALATION))
    if pending is not None and pending.state is RequestState.PENDING and not incident.ended:
        _go(tx, incident, pending)


def _go(tx: Tx, incident: Incident, pending: Request) -> Request:
    clocks.stop(tx, incident.id, f"{ESCALATION}{pending.id}")
    ack = incident.level.clocks.ack or timedelta(minutes=ANSWER_MINUTES)
    asked = replace(pending, state=RequestState.ASKED, answer_by=tx.now + ack)
    call(tx, incident, asked, aim(asked.target, catalog.services(tx), people.teams(tx)))
    return asked


def _pending(tx: Tx, name: str, request_id: str) -> tuple[Incident, Request]:
    incident = incidents.take(tx, name)
    found = store.take_request(tx, request_id)
    if found is None or found.incident != incident.id:
        raise NoSuchRequest
    if found.state is not RequestState.PENDING:
        raise AlreadyAnswered
    return incident, found


def _service(incident: Incident) -> str:
    if not incident.services:
        raise CannotBeAsked(
            "Say whom to page: no service is affected yet.", fields={"target": "name somebody"}
        )
    return f"{SERVICE}{incident.services[0]}"
