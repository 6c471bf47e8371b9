"""Ask about roles: who holds them, who answers for a duty, who is missing, who could."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from holdfast.catalog import queries as catalog
from holdfast.escalation import queries as escalation
from holdfast.escalation.model import Target, TargetKind
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import store
from holdfast.incidents.roles.guardrails import ApartFacts, CommandFacts, ExecutionFacts
from holdfast.incidents.roles.model import (
    Handoff,
    Holding,
    HoldingState,
    NoSuchRole,
    OfferState,
    Seat,
)
from holdfast.incidents.roles.separation import Assigned, Split, clash, kept_apart, splits
from holdfast.kernel.actor import Actor, ActorKind
from holdfast.kernel.actor import Role as Standing
from holdfast.kernel.tx import Tx
from holdfast.people.model import User
from holdfast.practice.model import Duty, Role, RoleKey
from holdfast.schedules import queries as schedules
from holdfast.timeline import queries as timeline

POOL_MAX = 50
# Of each role: from which step of the services' policies its candidates come first.
STEPS_BEFORE = {RoleKey.OPERATIONS: 0, RoleKey.TECHNICAL_LEAD: 0}


def holders(tx: Tx, incident_id: str) -> list[Holding]:
    """Who holds a role now, oldest first; one that is being handed off is still held."""
    return [holding for holding in store.of(tx, [incident_id]) if holding.current]


def history(tx: Tx, incident_id: str, role: RoleKey | None = None) -> list[Holding]:
    """Every stint in every role, or in one; candidates who never took it are none."""
    return [
        holding
        for holding in store.of(tx, [incident_id])
        if holding.state is not HoldingState.PROPOSED and role in (None, holding.role)
    ]


def proposals(tx: Tx, incident_id: str) -> list[Holding]:
    """Candidates who were asked and have not answered."""
    found = store.of(tx, [incident_id])
    return [holding for holding in found if holding.state is HoldingState.PROPOSED]


def holder(tx: Tx, incident_id: str, role: RoleKey) -> str | None:
    """Whoever holds it: the primary one among several. A technical lead holds operations too."""
    held = [each for each in holders(tx, incident_id) if _serves(each.role, role)]
    first = next((each for each in held if each.primary), held[0] if held else None)
    return None if first is None else first.user


def holders_of_many(tx: Tx, incidents: Sequence[str]) -> dict[str, list[Holding]]:
    """Who holds a role now, for each of these incidents."""
    found: dict[str, list[Holding]] = {name: [] for name in incidents}
    for holding in store.of(tx, incidents) if incidents else []:
        if holding.current:
            found[holding.incident].append(holding)
    return found


def held_by(tx: Tx, user: str) -> list[Holding]:
    """What this person holds now, in any incident."""
    return [holding for holding in store.held_by(tx, user) if holding.current]


def handoffs(tx: Tx, incident_id: str) -> list[Handoff]:
    """Every offer of a role, oldest first."""
    return store.handoffs_of(tx, [incident_id])


def open_handoff(tx: Tx, incident_id: str, role: RoleKey) -> Handoff | None:
    """The offer of this role that waits for an answer."""
    waiting = (each for each in handoffs(tx, incident_id) if each.state is OfferState.OFFERED)
    return next((each for each in waiting if each.role is role), None)


def seats(tx: Tx, incident: Incident) -> list[Seat]:
    """Every role of the practice as the header shows it: held, with a candidate, or missing
    (ledger S0-01, S0-11)."""
    found = store.of(tx, [incident.id])
    offers = {each.role: each for each in handoffs(tx, incident.id) if _waits(each)}
    return [
        Seat(
            role.key,
            role.label,
            required=role.key in _required(incident),
            holders=tuple(each for each in found if each.current and each.role is role.key),
            candidate=next(
                (e for e in found if e.state is HoldingState.PROPOSED and e.role is role.key), None
            ),
            handoff=offers.get(role.key),
        )
        for role in incident.pack.roles
    ]


def missing(tx: Tx, incident: Incident) -> list[RoleKey]:
    """Roles that the level asks for and that nobody holds; a candidate does not hold it yet."""
    held = {each.role for each in holders(tx, incident.id)}
    return [
        role
        for role in incident.level.roles_required
        if not any(_serves(other, role) for other in held)
    ]


def accountable(tx: Tx, incident: Incident, duty: Duty) -> str | None:
    """Whoever answers for this duty now: its role's holder, else who stands in (ledger C7)."""
    for role in (*incident.pack.duties.get(duty, ()), RoleKey.COMMAND):
        found = holder(tx, incident.id, role)
        if found is not None:
            return found
    return None


def accountable_role(tx: Tx, incident: Incident, duty: Duty) -> RoleKey | None:
    """By which role that person answers for it."""
    for role in (*incident.pack.duties.get(duty, ()), RoleKey.COMMAND):
        if holder(tx, incident.id, role) is not None:
            return role
    return None


def is_command(tx: Tx, incident: Incident) -> bool:
    """True for the commander, a deputy, Holdfast itself, and a program of the admins' that acts for
    nobody: whoever gave it their token answers for what it relays, such as a chat's commands."""
    if tx.actor.kind is ActorKind.SYSTEM or _relays(tx.actor):
        return True
    mine = [each.role for each in holders(tx, incident.id) if each.user == tx.actor.user_id]
    return RoleKey.COMMAND in mine or RoleKey.DEPUTY in mine


def _relays(actor: Actor) -> bool:
    return actor.kind is ActorKind.TOKEN and actor.user_id is None and actor.role is Standing.ADMIN


def may_order(tx: Tx, incident: Incident) -> bool:
    """True for command, and for everybody while nobody commands."""
    return is_command(tx, incident) or holder(tx, incident.id, RoleKey.COMMAND) is None


def command_facts(tx: Tx, incident: Incident) -> CommandFacts:
    """What IC_REQUIRED, OL_REQUIRED and SPLIT_ROLES judge."""
    required = incident.level.roles_required
    return CommandFacts(
        level=incident.level.label,
        command_needed=RoleKey.COMMAND in required,
        commander=holder(tx, incident.id, RoleKey.COMMAND),
        operations_needed=any(_serves(role, RoleKey.OPERATIONS) for role in required),
        operations=holder(tx, incident.id, RoleKey.OPERATIONS),
        splits=to_split(tx, incident),
    )


def execution_facts(tx: Tx, incident: Incident, user: str | None = None) -> ExecutionFacts:
    """What IC_MUST_NOT_EXECUTE judges, for the actor or somebody else."""
    return ExecutionFacts(
        user=tx.actor.user_id if user is None else user,
        commander=holder(tx, incident.id, RoleKey.COMMAND),
        level=incident.level.label,
        apart=kept_apart(incident.level, RoleKey.COMMAND, RoleKey.OPERATIONS),
    )


def apart_facts(
    tx: Tx, incident: Incident, wanted: RoleKey, user: str, *, but: str | None = None
) -> ApartFacts:
    """What SEPARATION_OF_DUTIES judges; `but` is a holding that passes on with it."""
    found = clash(incident.level, assigned(tx, incident.id, but=but), wanted, user)
    return ApartFacts(
        label=role(incident, wanted).label,
        user=user,
        level=incident.level.label,
        clash=None if found is None else role(incident, found).label,
    )


def to_split(tx: Tx, incident: Incident) -> tuple[Split, ...]:
    """Pairs of roles that one person holds and this level keeps apart (ledger S3-12)."""
    return splits(incident.level, assigned(tx, incident.id))


def assigned(tx: Tx, incident_id: str, *, but: str | None = None) -> list[Assigned]:
    """Roles and their holders; `but` leaves out one holding by its id."""
    return [(each.role, each.user) for each in holders(tx, incident_id) if each.id != but]


def role(incident: Incident, name: str) -> Role:
    """A role of the practice by key, label or alias. Raises NoSuchRole."""
    found = incident.pack.role(name)
    if found is None:
        known = ", ".join(each.key.value for each in incident.pack.roles)
        raise NoSuchRole(f"There is no role “{name[:80]}”.", remedy=f"Use one of: {known}.")
    return found


def on_shift(tx: Tx, incident: Incident, key: RoleKey) -> tuple[str, datetime] | None:
    """Who is on call for this role now, and until when; None where nothing says."""
    found = incident.pack.role(key)
    named = [] if found is None or found.schedule is None else [found.schedule]
    for name in (*named, *_schedules_of(tx, incident)):
        shift = schedules.on_call(tx, name, tx.now)
        if shift is not None and shift.user is not None:
            return shift.user, shift.span.end
    return None


def shift_end(tx: Tx, incident: Incident, key: RoleKey, user: str) -> datetime | None:
    """When this person's shift ends, in the first schedule of the role that has them on call."""
    found = incident.pack.role(key)
    named = [] if found is None or found.schedule is None else [found.schedule]
    for name in (*named, *_schedules_of(tx, incident)):
        shift = schedules.on_call(tx, name, tx.now)
        if shift is not None and shift.user == user:
            return shift.span.end
    return None


def pool(tx: Tx, incident: Incident, key: RoleKey) -> list[str]:
    """Candidates for a role, best first: its own schedule's on-call person, then the services'
    policies step by step; operations starts with the first step, other roles with the next."""
    found = incident.pack.role(key)
    own = [] if found is None or found.schedule is None else [_target(found.schedule)]
    steps = _steps(tx, incident)
    if key not in STEPS_BEFORE and len(steps) > 1:
        steps = [*steps[1:], steps[0]]
    targets = [*own, *(target for step in steps for target in step)]
    return escalation.reachable_people(tx, targets, tx.now)[:POOL_MAX]


def may_hold(user: User) -> bool:
    """Only somebody who may respond holds a role; observers are not asked for that."""
    return user.disabled_at is None and user.role.rank >= Standing.RESPONDER.rank


def last_seen(tx: Tx, incident: Incident, user: str) -> datetime | None:
    """When this person last did something about it, or was seen at work on it."""
    acted = [
        event.at for event in timeline.about(tx, [incident.id]) if event.actor == f"user:{user}"
    ]
    seen = store.seen_at(tx, incident.id, user)
    return max([*acted[-1:], *([seen] if seen else [])], default=None)


def silent_for(tx: Tx, incident: Incident) -> timedelta | None:
    """How long the commander has done nothing; None where nobody commands."""
    held = next((h for h in holders(tx, incident.id) if h.role is RoleKey.COMMAND), None)
    if held is None:
        return None
    seen = last_seen(tx, incident, held.user)
    return tx.now - max(held.since, seen or held.since)


def _required(incident: Incident) -> tuple[RoleKey, ...]:
    return incident.level.roles_required


def _serves(held: RoleKey, wanted: RoleKey) -> bool:
    if wanted is RoleKey.OPERATIONS:
        return held in (RoleKey.OPERATIONS, RoleKey.TECHNICAL_LEAD)
    return held is wanted


def _waits(handoff: Handoff) -> bool:
    return handoff.state is OfferState.OFFERED


def _target(schedule: str) -> Target:
    return Target(TargetKind.SCHEDULE, schedule)


def _steps(tx: Tx, incident: Incident) -> list[tuple[Target, ...]]:
    """The steps of the affected services' policies, and whom they page last."""
    known = escalation.policies(tx)
    found: list[tuple[Target, ...]] = []
    for name in incident.services:
        service = catalog.find_service(tx, name)
        policy = None if service is None else known.get(service.policy)
        if service is not None and policy is not None:
            found += [step.page for step in policy.steps]
            found.append(escalation.last_resort(tx, policy, service.team))
    return found


def _schedules_of(tx: Tx, incident: Incident) -> list[str]:
    targets = [target for step in _steps(tx, incident) for target in step]
    return list(dict.fromkeys(t.id for t in targets if t.kind is TargetKind.SCHEDULE))
