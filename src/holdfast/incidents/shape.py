"""An incident as JSON: the same object in answers of the API and in a page's webhook body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from holdfast.incidents.clocks.model import Clock
from holdfast.incidents.model import Incident
from holdfast.incidents.roles.model import Seat


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside an incident's own row."""

    seats: Sequence[Seat]
    clocks: Sequence[Clock]
    next_update_by: datetime | None


def incident_object(incident: Incident, around: Around, *, url: str) -> dict[str, object]:
    """All that outsiders are told of an incident; `url` is the absolute address of its room.

    The names are fixed by contract.md. Instants are RFC 3339 in UTC.
    """
    severity = incident.severity
    return {
        "id": incident.id,
        "number": incident.number,
        "title": incident.title,
        "severity": {
            "level": severity.level,
            "rank": severity.rank,
            "provisional": severity.provisional,
        },
        "phase": incident.phase.value,
        "roles": {seat.role.value: seat_object(seat) for seat in around.seats},
        "clocks": {clock.name: clock_object(clock) for clock in around.clocks},
        "next_update_by": _text(around.next_update_by),
        "kind": incident.kind.value,
        "private": incident.private,
        "services": list(incident.services),
        "war_room": incident.war_room or None,
        **instants_object(incident),
        "url": url,
    }


def instants_object(incident: Incident) -> dict[str, object]:
    """The instants of ledger 3.1, and how exactly the beginning of impact is known, in seconds."""
    said: dict[str, object] = {}
    for name, value in asdict(incident.instants).items():
        if isinstance(value, timedelta):
            said[f"{name}_s"] = int(value.total_seconds())
        else:
            said[name] = _text(value)
    return said


def seat_object(seat: Seat) -> dict[str, object]:
    """One role: who holds it, who was asked to take it, or that it is missing (ledger S0-01)."""
    first = next((each for each in seat.holders if each.primary), next(iter(seat.holders), None))
    return {
        "label": seat.label,
        "required": seat.required,
        "state": _state(seat),
        "user": None if first is None else first.user,
        "users": [each.user for each in seat.holders],
        "candidate": None if seat.candidate is None else seat.candidate.user,
        "since": None if first is None else _text(first.since),
        "how": None if first is None else first.how.value,
        "handoff_to": None if seat.handoff is None else seat.handoff.to,
    }


def clock_object(clock: Clock) -> dict[str, object]:
    return {
        "due_at": _text(clock.due_at),
        "stopped_at": _text(clock.stopped_at),
        "breached_at": _text(clock.breached_at),
        "running": clock.running,
    }


def _state(seat: Seat) -> str:
    if seat.holders:
        return "handing_off" if seat.handoff is not None else "held"
    if seat.candidate is not None:
        return "proposed"
    return "missing" if seat.required else "open"


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
