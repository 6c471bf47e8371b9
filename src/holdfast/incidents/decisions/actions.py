"""Decide, or propose it to command; ask for strong objections first where much is at risk."""

from __future__ import annotations

from dataclasses import replace

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.access import named
from holdfast.incidents.decisions import queries, written
from holdfast.incidents.decisions.guardrails import COMMAND, POLL, CommandFacts, PollFacts
from holdfast.incidents.decisions.model import (
    ANSWERS_MAX,
    CHOICE_CHARS_MAX,
    OPTIONS_MAX,
    POLL_MAX,
    POLL_MIN,
    WHY_CHARS_MAX,
    Answer,
    Choice,
    DecidedAlready,
    Decision,
    DecisionAnswered,
    DecisionAsked,
    DecisionMade,
    DecisionState,
    NobodyAsks,
)
from holdfast.incidents.model import Incident
from holdfast.incidents.record import actions as record
from holdfast.incidents.record import queries as entries
from holdfast.incidents.record.guardrails import SEAL_RULES, SealFacts
from holdfast.incidents.record.model import EntryKind
from holdfast.incidents.roles import queries as roles
from holdfast.kernel.errors import Invalid
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.practice.model import RoleKey
from holdfast.sdk import clean_line, clean_text


def decide(tx: Tx, name: str, choice: Choice, *, break_glass: str = "") -> Decision:
    """Command decides; anybody else's decision is kept as a proposal (ledger S4-17).

    With a `poll` it waits: people may object until then. Raises NoSuchIncident, Invalid, and
    Refused: OBJECTION_POLL (ledger S4-24).
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    _check(choice)
    decides = _decides(tx, incident)
    if choice.poll is not None:
        state = DecisionState.ASKED
    elif decides:
        _poll_first(tx, incident, choice, break_glass)
        state = DecisionState.DECIDED
    else:
        state = DecisionState.PROPOSED
    return _written(tx, incident, choice, state)


def answer(tx: Tx, name: str, decision_id: str, objection: str = "") -> Decision:
    """Somebody objects strongly, or says that they do not. A second answer replaces the first."""
    permissions.require(tx.actor, "incidents.respond")
    _, decision = _taken(tx, name, decision_id)
    if decision.state is not DecisionState.ASKED:
        raise NobodyAsks
    by = named(tx.actor)
    said = Answer(by, tx.now, clean_text(objection, WHY_CHARS_MAX)[0])
    others = tuple(each for each in decision.answers if each.by != by)
    if len(others) >= ANSWERS_MAX:
        raise Invalid(f"At most {ANSWERS_MAX} people answer.", fields={"objection": "too many"})
    answered = replace(decision, answers=(*others, said))
    _kept(tx, answered, "answered")
    tx.record(DecisionAnswered(decision.incident, decision.id, bool(said.objection)))
    return answered


def confirm(
    tx: Tx, name: str, decision_id: str, *, no_poll_because: str = "", break_glass: str = ""
) -> Decision:
    """Command makes a proposal its decision. Repeated by them, it changes nothing.

    Raises DecidedAlready, and Refused: ONLY_COMMAND_DECIDES, OBJECTION_POLL.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident, decision = _taken(tx, name, decision_id)
    by = named(tx.actor)
    if decision.state is DecisionState.DECIDED:
        if decision.decided_by == by:
            return decision
        raise DecidedAlready(f"{decision.decided_by} has decided this already.")
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    facts = CommandFacts(_decides(tx, incident), commander)
    uphold(tx, COMMAND, facts, about=incident.id, reason=break_glass)
    why_not = clean_text(no_poll_because, WHY_CHARS_MAX)[0] or decision.no_poll_because
    poll = PollFacts(decision.high_risk, decision.poll_until, why_not, tx.now)
    uphold(tx, POLL, poll, about=incident.id, reason=break_glass)
    decided = replace(
        decision,
        state=DecisionState.DECIDED,
        no_poll_because=why_not,
        decided_at=tx.now,
        decided_by=by,
    )
    _kept(tx, decided, "decided")
    objections = len(decided.objections)
    tx.record(DecisionMade(incident.id, decided.id, decided.high_risk, objections))
    return decided


def _check(choice: Choice) -> None:
    if len(choice.options) > OPTIONS_MAX:
        raise Invalid(f"At most {OPTIONS_MAX} options.", fields={"options": "too many"})
    if choice.poll is not None and not POLL_MIN <= choice.poll <= POLL_MAX:
        raise Invalid("A poll lasts 1m to 15m.", fields={"poll": "1m to 15m"})
    if not clean_line(choice.choice, CHOICE_CHARS_MAX)[0]:
        raise Invalid("A decision needs words.", fields={"choice": "say what is decided"})


def _poll_first(tx: Tx, incident: Incident, choice: Choice, break_glass: str) -> None:
    facts = PollFacts(choice.high_risk, None, choice.no_poll_because, tx.now)
    uphold(tx, POLL, facts, about=incident.id, reason=break_glass)


def _written(tx: Tx, incident: Incident, choice: Choice, state: DecisionState) -> Decision:
    by = named(tx.actor)
    is_decided = state is DecisionState.DECIDED
    decision = Decision(
        id="",
        incident=incident.id,
        choice=clean_line(choice.choice, CHOICE_CHARS_MAX)[0],
        why=clean_text(choice.why, WHY_CHARS_MAX)[0],
        options=tuple(clean_line(each, CHOICE_CHARS_MAX)[0] for each in choice.options),
        high_risk=choice.high_risk,
        state=state,
        proposed_at=tx.now,
        proposed_by=by,
        poll_until=None if choice.poll is None else tx.now + choice.poll,
        no_poll_because=clean_text(choice.no_poll_because, WHY_CHARS_MAX)[0],
        decided_at=tx.now if is_decided else None,
        decided_by=by if is_decided else None,
    )
    entry = record.written(
        tx,
        incident.id,
        EntryKind.DECISION,
        f"{decision.choice}: {decision.why}" if decision.why else decision.choice,
        details=written.details(decision),
    )
    made = replace(decision, id=entry.id)
    if is_decided:
        tx.record(DecisionMade(incident.id, made.id, made.high_risk))
    else:
        tx.record(DecisionAsked(incident.id, made.id, made.poll_until))
    return made


def _kept(tx: Tx, decision: Decision, what: str) -> None:
    entry = entries.entry(tx, decision.incident, decision.id)
    sealed = SealFacts(entry.id, entry.sealed_at is not None)
    uphold(tx, SEAL_RULES, sealed, about=decision.incident)
    record.restate(tx, entry, {**entry.details, **written.details(decision)}, what)


def _decides(tx: Tx, incident: Incident) -> bool:
    """Command; and whoever works on it, where the level needs no commander and has none."""
    if roles.is_command(tx, incident):
        return True
    needed = RoleKey.COMMAND in incident.level.roles_required
    return not needed and roles.holder(tx, incident.id, RoleKey.COMMAND) is None


def _taken(tx: Tx, name: str, decision_id: str) -> tuple[Incident, Decision]:
    incident = incidents.take(tx, name)
    return incident, queries.decision(tx, incident.id, decision_id)
