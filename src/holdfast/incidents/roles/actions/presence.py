"""Command that goes silent: it is noticed, and somebody may take over (ledger S3-14)."""

from __future__ import annotations

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.roles import queries, store, succession
from holdfast.incidents.roles.actions.holding import (
    begin,
    drop_candidates,
    heard_from,
    hold,
    require_person,
    withdraw_offer,
)
from holdfast.incidents.roles.guardrails import (
    ACCEPT,
    APART,
    TAKE_OVER,
    AcceptFacts,
    TakeOverFacts,
)
from holdfast.incidents.roles.model import (
    READ_BACK_CHARS_MAX,
    CannotRespond,
    Holding,
    How,
    IncidentCommandTakenOver,
    IncidentRoleReleased,
)
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import RoleKey
from holdfast.sdk import clean_text


def note_activity(tx: Tx, incident_id: str, user: str) -> None:
    """This person is at work on it, though they write nothing down: the commander is not silent."""
    store.saw(tx, incident_id, user)
    if queries.holder(tx, incident_id, RoleKey.COMMAND) == user:
        heard_from(tx, incidents.take(tx, incident_id))


def take_over(tx: Tx, name: str, *, read_back: str, break_glass: str = "") -> Holding:
    """The actor takes command that is empty or has gone silent, and says what they take over.

    Raises CannotRespond, and the refusals COMMAND_IS_PRESENT, READ_BACK_REQUIRED,
    SEPARATION_OF_DUTIES.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    user = tx.actor.user_id
    if user is None:
        raise CannotRespond("Only a person commands.", remedy="Sign in as yourself.")
    require_person(tx, user)
    before = _commander(tx, incident)
    if before is not None and before.user == user:
        return before
    _judge(tx, incident, before, read_back, break_glass)
    tx.record(
        IncidentCommandTakenOver(
            incident.id, None if before is None else before.user, user, "took over"
        )
    )
    if before is None:
        return hold(tx, incident, RoleKey.COMMAND, user, How.TAKEN_OVER)
    return _take_from(tx, incident, before, user)


def _judge(tx: Tx, incident: Incident, before: Holding | None, read_back: str, reason: str) -> None:
    silent = TakeOverFacts(
        commander=None if before is None else before.user,
        silent_for=queries.silent_for(tx, incident),
        silent_after=incident.pack.limits.command_silent_after,
    )
    uphold(tx, TAKE_OVER, silent, about=incident.id, reason=reason)
    said = clean_text(read_back, READ_BACK_CHARS_MAX)[0]
    label = queries.role(incident, RoleKey.COMMAND).label
    uphold(tx, ACCEPT, AcceptFacts(label, said), about=incident.id, reason=reason)
    but = None if before is None else before.id
    user = tx.actor.user_id or ""
    apart = queries.apart_facts(tx, incident, RoleKey.COMMAND, user, but=but)
    uphold(tx, APART, apart, about=incident.id, reason=reason)


def _take_from(tx: Tx, incident: Incident, before: Holding, user: str) -> Holding:
    withdraw_offer(tx, incident, RoleKey.COMMAND)
    drop_candidates(tx, incident, RoleKey.COMMAND)
    passed = succession.pass_on(
        before, user, tx.now, holding_id=tx.new_id("hr"), how=How.TAKEN_OVER, by=user
    )
    store.save(tx, passed.released)
    tx.record(IncidentRoleReleased(incident.id, RoleKey.COMMAND.value, before.user, "taken over"))
    begin(tx, incident, passed.held)
    return passed.held


def _commander(tx: Tx, incident: Incident) -> Holding | None:
    held = queries.holders(tx, incident.id)
    return next((each for each in held if each.role is RoleKey.COMMAND), None)
