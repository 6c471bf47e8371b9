"""What every change of a role brings with it: rows, events, clocks, and who may see it."""

from __future__ import annotations

from dataclasses import replace

from holdfast.incidents import store as incidents
from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.clocks import queries as clock_queries
from holdfast.incidents.model import Incident
from holdfast.incidents.roles import queries, store, succession
from holdfast.incidents.roles.model import (
    CannotRespond,
    Handoff,
    Holding,
    HoldingState,
    How,
    IncidentHandoffEnded,
    IncidentRoleReleased,
    IncidentRoleTaken,
    OfferState,
)
from holdfast.kernel.tx import Tx
from holdfast.people import queries as people
from holdfast.practice.model import RoleKey

ROLES = "roles"  # the clock of roles that are missing
COMMAND_SILENT = "command_silent"
SHIFT = "shift:"  # and the role: whoever holds it goes off call then
# A commander is asked before the deputy is paged: at this share of the time they may be silent.
PROMPT_SHARE = 2 / 3


def hold(tx: Tx, incident: Incident, role: RoleKey, user: str, how: How) -> Holding:
    """This person has the role from now on; a candidate for it need not answer any more."""
    others = [each for each in queries.holders(tx, incident.id) if each.role is role]
    holding = Holding(
        id=tx.new_id("hr"),
        incident=incident.id,
        role=role,
        user=user,
        state=HoldingState.HELD,
        since=tx.now,
        how=how,
        primary=not others,
        by=tx.actor.user_id,
    )
    drop_candidates(tx, incident, role)
    begin(tx, incident, holding)
    return holding


def begin(tx: Tx, incident: Incident, holding: Holding) -> None:
    """A stint begins: it is written down, its clocks run, and its person may see the incident."""
    store.save(tx, holding)
    tx.record(IncidentRoleTaken(incident.id, holding.role.value, holding.user, holding.how.value))
    let_in(tx, incident, holding.user)
    watch(tx, incident, holding)
    settle_roles(tx, incident)


def end(tx: Tx, incident: Incident, holding: Holding, why: str) -> Holding:
    """A stint ends; where others of the role remain, the next one answers for it."""
    over = succession.release(holding, tx.now)
    store.save(tx, over)
    withdraw_offer(tx, incident, holding.role)
    tx.record(IncidentRoleReleased(incident.id, holding.role.value, holding.user, why))
    rest = [each for each in queries.holders(tx, incident.id) if each.role is holding.role]
    if holding.primary and rest:
        store.save(tx, replace(rest[0], primary=True))
    settle_roles(tx, incident)
    return over


def drop_candidates(tx: Tx, incident: Incident, role: RoleKey) -> None:
    """Nobody needs to take this role any more."""
    for candidate in queries.proposals(tx, incident.id):
        if candidate.role is role:
            store.drop(tx, candidate.id)


def withdraw_offer(tx: Tx, incident: Incident, role: RoleKey) -> None:
    """The role is not handed on as was offered."""
    offer = queries.open_handoff(tx, incident.id, role)
    if offer is not None:
        end_offer(tx, offer, OfferState.WITHDRAWN)


def end_offer(tx: Tx, offer: Handoff, state: OfferState) -> None:
    """The offer is over, and the role stays where it is."""
    store.save_handoff(tx, replace(offer, state=state, ended_at=tx.now))
    tx.record(
        IncidentHandoffEnded(
            offer.incident, offer.role.value, offer.giver, offer.to, state.value
        )
    )  # fmt: skip


def let_in(tx: Tx, incident: Incident, user: str) -> None:
    """Whoever works on a private incident may see it."""
    if not incident.private:
        return
    fresh = incidents.take(tx, incident.id)
    if user not in fresh.access:
        incidents.save(tx, replace(fresh, access=(*fresh.access, user)))


def watch(tx: Tx, incident: Incident, holding: Holding) -> None:
    """Command that goes silent or off call is noticed (ledger S3-13, S3-14)."""
    if holding.role is not RoleKey.COMMAND or not incident.active:
        return
    heard_from(tx, incident)
    ends = queries.shift_end(tx, incident, holding.role, holding.user)
    name = f"{SHIFT}{holding.role.value}"
    if ends is None:
        clocks.stop(tx, incident.id, name)
    else:
        clocks.start(tx, incident.id, name, ends)


def heard_from(tx: Tx, incident: Incident) -> None:
    """The commander is there: the time in which they may be silent begins anew."""
    if RoleKey.COMMAND in incident.level.roles_required and incident.active:
        after = incident.pack.limits.command_silent_after * PROMPT_SHARE
        clocks.start(tx, incident.id, COMMAND_SILENT, tx.now + after)


def settle_roles(tx: Tx, incident: Incident) -> None:
    """The clock of missing roles runs while one is missing (ledger S0-03)."""
    if not incident.active or not queries.missing(tx, incident):
        clocks.stop(tx, incident.id, ROLES)
        return
    running = clock_queries.clock(tx, incident.id, ROLES)
    if running is None or not running.running:
        due = tx.now + incident.pack.limits.role_missing_after
        clocks.start(tx, incident.id, ROLES, due)


def require_person(tx: Tx, user_id: str) -> None:
    """Raises NoSuchUser, CannotRespond: a role is held by a person who may respond."""
    user = people.user(tx, user_id)
    if not queries.may_hold(user):
        raise CannotRespond(
            f"{user.id} may not respond to incidents.",
            remedy="Choose somebody with the role responder or more who is not disabled.",
            fields={"user": "may not respond"},
        )
