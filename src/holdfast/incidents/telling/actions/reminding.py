"""Remind whoever answers for an update, then command, then the deputy (ledger S0-30, S4-22)."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, IncidentCoordinationGap, NoSuchIncident
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.telling import queries, words
from holdfast.incidents.telling.actions.owing import TELLING, Stage, of_timer, stage_at
from holdfast.incidents.telling.model import DUTIES
from holdfast.kernel.tx import Tx
from holdfast.paging.notifications import actions as notifications
from holdfast.paging.notifications.model import Notice
from holdfast.people import queries as people
from holdfast.practice.model import Audience, RoleKey

__all__ = ["TELLING", "remind"]


def remind(tx: Tx, key: str) -> None:
    """The answer to a TELLING timer. What was posted or moved meanwhile asks for no reminder."""
    incident_id, audience, stage = of_timer(key)
    try:
        incident = incidents.take(tx, incident_id)
    except NoSuchIncident:
        return
    due_at = queries.thread(tx, incident_id, audience).due_at
    if due_at is None or not queries.owes(incident) or tx.now < stage_at(incident, stage, due_at):
        return
    match stage:
        case Stage.SOON:
            if tx.now < due_at:  # after an outage of ours the next stage says more
                notice = words.due_soon(incident, audience, due_at, tx.now)
                _tell(tx, _answers(tx, incident, audience), notice)
        case Stage.DUE:
            tx.record(IncidentCoordinationGap(incident.id, words.GAP, audience.value))
            notice = words.overdue(incident, audience, due_at, tx.now)
            _tell(tx, _command(tx, incident, audience), notice)
        case Stage.LATE:
            notice = words.still_overdue(incident, audience, due_at, tx.now)
            _tell(tx, _next_in_line(tx, incident), notice)


def _answers(tx: Tx, incident: Incident, audience: Audience) -> list[str]:
    holder = roles.accountable(tx, incident, DUTIES[audience])
    return [incident.declared_by] if holder is None else [holder]


def _command(tx: Tx, incident: Incident, audience: Audience) -> list[str]:
    commander = roles.holder(tx, incident.id, RoleKey.COMMAND)
    return _answers(tx, incident, audience) if commander is None else [commander]


def _next_in_line(tx: Tx, incident: Incident) -> list[str]:
    """The deputy; without one, whoever leads the teams that own what is broken, else the admins."""
    deputy = roles.holder(tx, incident.id, RoleKey.DEPUTY)
    if deputy is not None:
        return [deputy]
    services = (catalog.find_service(tx, name) for name in incident.services)
    owners = [people.teams(tx).get(each.team) for each in services if each is not None]
    leads = [team.lead for team in owners if team is not None and team.lead is not None]
    return leads or [admin.id for admin in people.admins(tx)]


def _tell(tx: Tx, names: Iterable[str], notice: Notice) -> None:
    for name in dict.fromkeys(names):
        notifications.notify(tx, name, notice)
