"""The header of the room: what, how bad, where it stands, which clocks run, who does what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from holdfast.alerts import queries as alerts
from holdfast.catalog import queries as catalog
from holdfast.incidents import lifecycle
from holdfast.incidents import queries as incidents
from holdfast.incidents.clocks.model import Clock as Running
from holdfast.incidents.model import Incident, Phase
from holdfast.incidents.responders import queries as responders
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import Seat
from holdfast.kernel.tx import Tx
from holdfast.practice.model import Duty, RoleKey
from holdfast.web.faces import Faces, link_of
from holdfast.web.incidents import words
from holdfast.web.incidents.lacks import lacks
from holdfast.web.incidents.room_views import Head, Owner, RoleChip, Step
from holdfast.web.incidents.rows import badge
from holdfast.web.incidents.views import Clock
from holdfast.web.layout.views import Link
from holdfast.web.pages.state import safe_link

UPDATE = "update:"
CLOCKS_SHOWN_MAX = 4
ALERTS_SHOWN_MAX = 5
# Which of the running clocks stand in the header, the most pressing first.
_FIRST = ("verify", "engage", "war_room", "roles", "restore", "reevaluate")
_OWN_ROLE = {
    Duty.DECIDE: RoleKey.COMMAND,
    Duty.COMMUNICATE_PUBLIC: RoleKey.COMMUNICATIONS,
    Duty.DOCUMENT: RoleKey.SCRIBE,
    Duty.EXECUTE: RoleKey.OPERATIONS,
}


def head_of(
    tx: Tx, incident: Incident, faces: Faces, running: Sequence[Running], plan: str
) -> Head:
    """All of it at one instant. `running` are the clocks that nobody has stopped."""
    address = incident.war_room
    seats = roles.seats(tx, incident)
    return Head(
        id=incident.id,
        number=incident.number,
        title=incident.title,
        severity=badge(incident.severity),
        level_title=incident.level.title,
        phase=incident.phase.value,
        phase_label=words.PHASES[incident.phase],
        kind=incident.kind.value,
        private=incident.private,
        declared_at=incident.instants.declared_at,
        declared_by=faces.of(incident.declared_by).name,
        services=_services(tx, incident),
        alerts=_alerts(tx, incident),
        war_room=address,
        war_room_href=safe_link(address),
        war_room_open=bool(address),
        clocks=tuple(_clocks(incident, running))[:CLOCKS_SHOWN_MAX],
        steps=steps_of(tx, incident),
        roles=tuple(chip_of(seat, faces) for seat in seats if _shown(seat)),
        owners=tuple(_owners(incident, seats, faces)),
        plan=plan,
        joined=responders.joined_count(tx, incident.id),
        version=incident.version,
        merged_into=_merged_into(tx, incident),
    )


def steps_of(tx: Tx, incident: Incident) -> tuple[Step, ...]:
    """The seven phases; beside the way, the one it ended in stands alone."""
    if incident.phase not in lifecycle.WAY:
        label = words.PHASES[incident.phase]
        return (Step(incident.phase.value, label, "now"),)
    place = list(lifecycle.WAY).index(incident.phase)
    return tuple(_step(tx, incident, n, place) for n in range(len(lifecycle.WAY)))


def next_due(running: Sequence[Running]) -> datetime | None:
    """When somebody must hear something next."""
    return min((each.due_at for each in running if each.name.startswith(UPDATE)), default=None)


def chip_of(seat: Seat, faces: Faces) -> RoleChip:
    """One role as the header shows it: its holder, else a candidate, else missing."""
    holder = next((held for held in seat.holders if held.primary), None)
    held = holder or next(iter(seat.holders), None)
    return RoleChip(
        key=seat.role.value,
        label=seat.label,
        holder=None if held is None else faces.of(held.user),
        candidate=None if seat.candidate is None else faces.of(seat.candidate.user),
        required=seat.required,
        since=None if held is None else held.since,
        offered_to=None if seat.handoff is None else faces.of(seat.handoff.to),
    )


def _step(tx: Tx, incident: Incident, number: int, place: int) -> Step:
    key = lifecycle.WAY[number]
    label = words.PHASES[key]
    if number == place + 1:
        return Step(key.value, label, "next", lacks(tx, incident, key))
    if number == place:
        return Step(key.value, label, "now")
    return Step(key.value, label, "done" if number < place else "later")


def _clocks(incident: Incident, running: Sequence[Running]) -> Iterator[Clock]:
    instants = incident.instants
    if not incident.active:
        ended = instants.resolved_at or instants.closed_at or incident.phase_since
        length = 0 if ended is None else int((ended - instants.declared_at).total_seconds())
        yield Clock(words.CLOCKS["took"], instants.declared_at, stopped=length)
        return
    yield Clock(words.CLOCKS["open"], instants.declared_at)
    if instants.impact_started_at is not None and incident.phase is not Phase.MONITORING:
        yield Clock(words.CLOCKS["impact"], instants.impact_started_at)
    due = next_due(running)
    if due is not None:
        yield Clock(words.CLOCKS["next_update"], due, "down")
    by_name = {each.name: each for each in running}
    for name in _FIRST:
        if name in by_name:
            yield Clock(words.CLOCKS[name], by_name[name].due_at, "down")


def _shown(seat: Seat) -> bool:
    """Observers and empty roles that nobody needs do not crowd the header."""
    if seat.role is RoleKey.OBSERVER:
        return False
    return seat.required or bool(seat.holders) or seat.candidate is not None


def _owners(incident: Incident, seats: Sequence[Seat], faces: Faces) -> Iterator[Owner]:
    """Of the roles that answer for a duty the first one that is held (ledger C7)."""
    held = {seat.role: chip_of(seat, faces).holder for seat in seats if seat.holders}
    for name, label in words.DUTIES.items():
        duty = Duty(name)
        role = next((key for key in incident.pack.duties[duty] if key in held), None)
        own = {_OWN_ROLE[duty], incident.pack.duties[duty][0]}
        yield Owner(label, held.get(role) if role else None, role is not None and role not in own)


def _services(tx: Tx, incident: Incident) -> tuple[Link, ...]:
    titles = {service.id: service.name for service in catalog.services(tx).values()}
    return tuple(link_of("services", name, titles) for name in incident.services)


def _alerts(tx: Tx, incident: Incident) -> tuple[Link, ...]:
    ids = incidents.alerts_of(tx, incident.id)[:ALERTS_SHOWN_MAX]
    found = alerts.alerts_by_id(tx, ids)
    return tuple(Link(found[n].code, f"/alerts/{n}") for n in ids if n in found)


def _merged_into(tx: Tx, incident: Incident) -> Link | None:
    if incident.merged_into is None:
        return None
    lead = incidents.incident(tx, incident.merged_into)
    return Link(lead.number, f"/incidents/{lead.number}")
