"""What a severity brings about: the clocks of its level, and everything that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from holdfast.incidents.clocks import actions as clocks
from holdfast.incidents.clocks import queries as running
from holdfast.incidents.events import (
    IncidentDeclared,
)
from holdfast.incidents.model import (
    ACTIVE,
    Incident,
    Phase,
)
from holdfast.incidents.responders import actions as responders
from holdfast.incidents.roles import actions as roles
from holdfast.incidents.roles import queries as incident_roles
from holdfast.incidents.roles.model import Given
from holdfast.incidents.tasks.actions import follow
from holdfast.incidents.telling import actions as telling
from holdfast.kernel.tx import Tx
from holdfast.practice import business
from holdfast.practice.model import Hours, Level, Need

RANK_NO_MITIGATION_MAX = 1  # from here down nobody is asked whether to escalate


def begin(tx: Tx, incident: Incident) -> None:
    """A newly declared incident: the level's clocks run from this instant."""
    _level_clocks(tx, incident)
    _ask_impact_later(tx, incident)


def declared(incident: Incident, alerts: tuple[str, ...]) -> IncidentDeclared:
    """The event of it. A title may name a person: it stays in the row, where it can be erased."""
    return IncidentDeclared(
        incident.id,
        incident.number,
        incident.severity.rank,
        incident.severity.level,
        incident.severity.provisional,
        incident.detection.value,
        incident.kind.value,
        alerts,
        incident.services,
    )


def call(
    tx: Tx,
    incident: Incident,
    given: Mapping[str, str],
    *,
    acknowledged_by: str | None = None,
    break_glass: str = "",
) -> None:
    """Finds people: roles from what was said and from who is on call, pages, and the cadence."""
    keys = {incident_roles.role(incident, name).key: user for name, user in given.items()}
    roles.propose_all(tx, incident, Given(keys, acknowledged_by, break_glass))
    asked = responders.page_for(tx, incident, incident.level.page)
    _await_answer(tx, incident, tx.now if asked else incident.instants.paged_at)
    telling.start_cadence(tx, incident)
    follow.begin(tx, incident)


def end(tx: Tx, incident: Incident) -> None:
    """It is over: nobody holds a role of it any more, and nobody is asked for anything."""
    follow.follow_phase(tx, incident)
    telling.end_cadence(tx, incident)


def change(tx: Tx, incident: Incident, before: Level) -> None:
    """Another level counts from now on: its clocks replace those of the one before. What was
    reached already does not run again."""
    _level_clocks(tx, incident)
    if before.hours is Hours.NEVER and incident.active:
        _ask_impact_later(tx, incident)
        follow.begin(tx, incident)
    if incident.severity.rank > before.rank:
        _drop_unasked(tx, incident)
    follow.follow_severity(tx, incident)
    if incident.active and incident.severity.rank < before.rank:
        asked = responders.page_for(tx, incident, incident.level.page)
        _await_answer(tx, incident, tx.now if asked else None)
    if incident.active:
        telling.start_cadence(tx, incident)


def follow_instants(tx: Tx, incident: Incident) -> None:
    """An instant was corrected: clocks that count from it move along."""
    for name, due_at in due_of(incident).items():
        clocks.move(tx, incident.id, name, due_at)


def resume(tx: Tx, incident: Incident) -> None:
    """People respond again: what it waited for when it seemed restored is waited for anew."""
    for name, due_at in due_of(incident).items():
        # What ran out before has its breach; a clock that is due already would only repeat it.
        if due_at > tx.now:
            clocks.start(tx, incident.id, name, due_at)
    reevaluate_later(tx, incident)


def reevaluate_later(tx: Tx, incident: Incident) -> None:
    """The question whether it is still this severity comes again, after the level's interval."""
    every = incident.level.reevaluate_every
    if every is None:
        clocks.stop(tx, incident.id, "reevaluate")
    else:
        clocks.start(tx, incident.id, "reevaluate", tx.now + every)


def due_of(incident: Incident) -> dict[str, datetime]:
    """When each of the level's clocks that still waits for something is due."""
    instants, level, stated = incident.instants, incident.level, incident.level.clocks
    declared = instants.declared_at
    began = instants.impact_started_at or declared
    waiting = {
        "engage": (declared, stated.engage, instants.engaged_at),
        "war_room": (declared, _room(level), instants.war_room_opened_at),
        "restore": (began, stated.restore, instants.restored_at),
        "no_mitigation": (declared, _no_mitigation(incident), instants.mitigated_at),
    }
    calendar = incident.pack.calendar
    return {
        name: business.due(level, since, length, calendar)
        for name, (since, length, reached) in waiting.items()
        if length is not None and reached is None
    }


def _level_clocks(tx: Tx, incident: Incident) -> None:
    if incident.phase not in ACTIVE:
        return
    kept = {clock.name: clock for clock in running.all_of(tx, incident.id)}
    for name, due_at in due_of(incident).items():
        clock = kept.get(name)
        if clock is None:
            clocks.start(tx, incident.id, name, due_at)
        elif clock.running and clock.due_at != due_at:
            clocks.move(tx, incident.id, name, due_at)
    if incident.phase is not Phase.MONITORING:
        reevaluate_later(tx, incident)


def _await_answer(tx: Tx, incident: Incident, paged_at: datetime | None) -> None:
    """Somebody was paged: the first answer has its time. Nobody was: nothing is waited for."""
    within = incident.level.clocks.ack
    if within is not None and paged_at is not None and incident.instants.acked_at is None:
        due = business.due(incident.level, paged_at, within, incident.pack.calendar)
        clocks.start(tx, incident.id, "ack", max(due, tx.now))


def _drop_unasked(tx: Tx, incident: Incident) -> None:
    asked = due_of(incident)
    for name in ("engage", "war_room", "restore", "no_mitigation"):
        if name not in asked:
            clocks.stop(tx, incident.id, name)


def _ask_impact_later(tx: Tx, incident: Incident) -> None:
    """Nobody is asked again about what only waits in the backlog (ledger S4-04)."""
    if incident.impact.users_affected is None and incident.level.hours is not Hours.NEVER:
        ask = tx.now + incident.pack.limits.impact_unknown_ask_after
        clocks.start(tx, incident.id, "impact", ask)


def _room(level: Level) -> timedelta | None:
    return None if level.war_room is Need.NONE else level.clocks.war_room


def _no_mitigation(incident: Incident) -> timedelta | None:
    if incident.severity.rank > RANK_NO_MITIGATION_MAX:
        return None
    return incident.pack.limits.no_mitigation_after
