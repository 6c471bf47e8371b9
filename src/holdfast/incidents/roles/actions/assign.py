"""Give roles to people: proposed from on call, assigned, accepted, left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holdfast.guardrails.actions import uphold
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Ended, Incident
from holdfast.incidents.roles import queries, store, succession
from holdfast.incidents.roles.actions.holding import (
    begin,
    drop_candidates,
    end,
    hold,
    require_person,
    settle_roles,
)
from holdfast.incidents.roles.guardrails import (
    APART,
    ASSIGN,
    LEAVE,
    AssignFacts,
    LeaveFacts,
    command_assigns,
)
from holdfast.incidents.roles.model import (
    Given,
    Holding,
    HoldingState,
    How,
    IncidentRoleProposed,
    NotTheHolder,
)
from holdfast.incidents.roles.separation import Assigned, clash, share_out
from holdfast.kernel.tx import Tx
from holdfast.people import permissions
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

# In this order roles look for somebody on call: whoever is first on call works on it.
ORDER = (
    RoleKey.OPERATIONS,
    RoleKey.TECHNICAL_LEAD,
    RoleKey.COMMAND,
    RoleKey.COMMUNICATIONS,
    RoleKey.SCRIBE,
    RoleKey.DEPUTY,
    RoleKey.LIAISON,
    RoleKey.OBSERVER,
)
NOBODY_ON_CALL = "nobody is on call for it"


def propose_all(
    tx: Tx, incident: Incident, given: Given | None = None
) -> Mapping[RoleKey, str | None]:
    """Finds somebody for every role that the level asks for, and for command (ledger S0-01, S0-03).

    Whoever declares has command, and whoever acknowledged the alert has operations, where they may;
    everybody else is on call at `tx.now` and is a candidate until they accept. None: missing.
    """
    said = Given() if given is None else given
    for role, user in said.roles.items():
        _hold_as_given(tx, incident, (role, user), said.break_glass)
    _hold_by_themselves(tx, incident, said)
    return propose(tx, incident, wanted(incident))


def propose(tx: Tx, incident: Incident, roles: Iterable[RoleKey]) -> dict[RoleKey, str | None]:
    """Candidates from who is on call now, for those of these roles that nobody holds."""
    held = queries.assigned(tx, incident.id)
    taken = {role for role, _ in held}
    empty = [role for role in ORDER if role in set(roles) - taken]
    for role in empty:
        drop_candidates(tx, incident, role)
    pools = {role: _pool(tx, incident, role) for role in empty}
    found = share_out(incident.level, empty, pools, held)
    for role, user in found.items():
        _propose(tx, incident, role, user)
    settle_roles(tx, incident)
    return {**{role: user for role, user in held if role in set(roles)}, **found}


def fill(tx: Tx, name: str, *, break_glass: str = "") -> list[Holding]:
    """Every candidate has their role now, where the level's separation allows (ledger S0-20)."""
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name)
    return [
        _assign(tx, incident, candidate.role, candidate.user, break_glass)
        for candidate in queries.proposals(tx, incident.id)
    ]


def assign(tx: Tx, name: str, role: str, user: str, *, break_glass: str = "") -> Holding:
    """This person has the role from now on. Said again, nothing changes.

    Raises NoSuchRole, NoSuchUser, CannotRespond, and the refusals ROLE_ALREADY_HELD,
    SEPARATION_OF_DUTIES, ONLY_COMMAND_ASSIGNS.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = _taken(tx, name)
    return _assign(tx, incident, queries.role(incident, role).key, user, break_glass)


def accept_proposals(tx: Tx, incident: Incident, user: str) -> list[Holding]:
    """This person has answered: they have the roles that they were asked to take, as far as the
    level allows now."""
    found = []
    for candidate in queries.proposals(tx, incident.id):
        held = queries.assigned(tx, incident.id)
        free = not any(role is candidate.role for role, _ in held)
        apart = clash(incident.level, held, candidate.role, user)
        if candidate.user == user and free and apart is None:
            holding = succession.accept(candidate, tx.now)
            begin(tx, incident, holding)
            found.append(holding)
    return found


def decline_proposals(tx: Tx, incident: Incident, user: str) -> dict[RoleKey, str | None]:
    """This person will not: somebody else who is on call is asked instead."""
    given_up = [each.role for each in queries.proposals(tx, incident.id) if each.user == user]
    held = queries.assigned(tx, incident.id)
    pools = {
        role: [other for other in _pool(tx, incident, role) if other != user] for role in given_up
    }
    for role in given_up:
        drop_candidates(tx, incident, role)
    found = share_out(incident.level, given_up, pools, held)
    for role, other in found.items():
        _propose(tx, incident, role, other)
    return found


def leave(
    tx: Tx, name: str, role: str, *, user: str | None = None, break_glass: str = ""
) -> Holding:
    """Leaves a role of one's own, or as command releases somebody from theirs.

    Raises NotTheHolder, and the refusals HANDOFF_REQUIRED, LAST_RESPONDER.
    """
    permissions.require(tx.actor, "incidents.respond")
    incident = incidents.take(tx, name)
    who = user or tx.actor.user_id
    key = queries.role(incident, role).key
    held = [each for each in queries.holders(tx, incident.id) if each.role is key]
    mine = next((each for each in held if each.user == who), None)
    if mine is None:
        raise NotTheHolder
    if who != tx.actor.user_id:
        require_order(tx, incident, mine.user, break_glass)
    uphold(tx, LEAVE, leave_facts(tx, incident, mine), about=incident.id, reason=break_glass)
    return end(tx, incident, mine, "left")


def end_all(tx: Tx, incident: Incident, why: str) -> None:
    """The incident is over: nobody holds a role of it any more."""
    for candidate in queries.proposals(tx, incident.id):
        store.drop(tx, candidate.id)
    for holding in queries.holders(tx, incident.id):
        end(tx, incident, holding, why)


def require_order(tx: Tx, incident: Incident, user: str, reason: str) -> None:
    """Somebody decides over somebody else: that is command's. Refuses ONLY_COMMAND_ASSIGNS."""
    facts = AssignFacts("", user, None, exclusive=False, by_command=queries.may_order(tx, incident))
    uphold(tx, (command_assigns,), facts, about=incident.id, reason=reason)


def leave_facts(tx: Tx, incident: Incident, mine: Holding) -> LeaveFacts:
    """What the rules about leaving a role judge."""
    working = (RoleKey.OPERATIONS, RoleKey.TECHNICAL_LEAD)
    rest = [
        each
        for each in queries.holders(tx, incident.id)
        if each.role in working and each.id != mine.id
    ]
    return LeaveFacts(
        role=mine.role,
        label=queries.role(incident, mine.role).label,
        needed=incident.active and mine.role in working,
        left=len(rest),
    )


def wanted(incident: Incident) -> tuple[RoleKey, ...]:
    """Roles that somebody is looked for at once: those of the level, and always command."""
    return tuple(dict.fromkeys((*incident.level.roles_required, RoleKey.COMMAND)))


def _assign(tx: Tx, incident: Incident, role: RoleKey, user: str, reason: str) -> Holding:
    require_person(tx, user)
    held = [each for each in queries.holders(tx, incident.id) if each.role is role]
    theirs = next((each for each in held if each.user == user), None)
    if theirs is not None:
        return theirs
    facts = _assign_facts(tx, incident, role, user)
    uphold(tx, ASSIGN, facts, about=incident.id, reason=reason)
    apart = queries.apart_facts(tx, incident, role, user)
    uphold(tx, APART, apart, about=incident.id, reason=reason)
    return hold(tx, incident, role, user, How.ASSIGNED)


def _assign_facts(tx: Tx, incident: Incident, role: RoleKey, user: str) -> AssignFacts:
    named = queries.role(incident, role)
    held = queries.assigned(tx, incident.id)
    holder = next((other for key, other in held if key is role), None)
    return AssignFacts(
        label=named.label,
        user=user,
        holder=holder,
        exclusive=named.exclusive,
        by_command=queries.may_order(tx, incident),
    )


def _hold_as_given(tx: Tx, incident: Incident, named: Assigned, reason: str) -> None:
    """Named in the declaration: held at once. Only separation is judged; nobody commands yet."""
    role, user = named
    require_person(tx, user)
    apart = queries.apart_facts(tx, incident, role, user)
    uphold(tx, APART, apart, about=incident.id, reason=reason)
    hold(tx, incident, role, user, How.ASSIGNED)


def _hold_by_themselves(tx: Tx, incident: Incident, given: Given) -> None:
    operations = next(
        (r for r in (RoleKey.OPERATIONS, RoleKey.TECHNICAL_LEAD) if r in wanted(incident)),
        RoleKey.OPERATIONS,
    )
    for role, user, how in (
        (RoleKey.COMMAND, tx.actor.user_id, How.DECLARED),
        (operations, given.acknowledged_by, How.ACKNOWLEDGED),
    ):
        held = queries.assigned(tx, incident.id)
        if user is None or incident.pack.role(role) is None or any(r is role for r, _ in held):
            continue
        person = people.find_user(tx, user)
        able = person is not None and queries.may_hold(person)
        if able and clash(incident.level, held, role, user) is None:
            hold(tx, incident, role, user, how)


def _pool(tx: Tx, incident: Incident, role: RoleKey) -> list[str]:
    """Whoever is on call for it and may hold a role."""
    users = people.users(tx)
    return [user for user in queries.pool(tx, incident, role) if queries.may_hold(users[user])]


def _propose(tx: Tx, incident: Incident, role: RoleKey, user: str | None) -> None:
    if user is not None:
        store.save(
            tx,
            Holding(
                id=tx.new_id("hr"),
                incident=incident.id,
                role=role,
                user=user,
                state=HoldingState.PROPOSED,
                since=tx.now,
                how=How.ON_CALL,
                primary=True,
            ),
        )
    why = "on call" if user is not None else NOBODY_ON_CALL
    tx.record(IncidentRoleProposed(incident.id, role.value, user, why))


def _taken(tx: Tx, name: str) -> Incident:
    incident = incidents.take(tx, name)
    if incident.ended:
        raise Ended
    return incident
