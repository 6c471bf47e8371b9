"""One incident as one line of a list: the same line on the list, on Now and when declaring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.catalog import queries as catalog
from holdfast.incidents import queries as incidents
from holdfast.incidents.model import Incident, Severity
from holdfast.incidents.roles import queries as roles
from holdfast.incidents.roles.model import Holding
from holdfast.incidents.telling import queries as telling
from holdfast.kernel.tx import Tx
from holdfast.practice.model import RoleKey
from holdfast.web.context import Context
from holdfast.web.faces import Faces, faces_of
from holdfast.web.incidents.views import Badge, Row

FACES_MAX = 4
SERVICES_MAX = 3
DRAWINGS = 5  # severities have five drawings; what is milder than the last looks like it


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of one screen need besides the incidents, read once for all of them."""

    faces: Faces
    services: Mapping[str, str]
    holders: Mapping[str, list[Holding]]
    next_updates: Mapping[str, datetime]


def open_rows(tx: Tx, context: Context) -> tuple[Row, ...]:
    """Those that people work on, the worst first, then the longest open."""
    found = incidents.active(tx)
    worst_first = sorted(found, key=lambda each: (each.severity.rank, each.instants.declared_at))
    return rows_of(tx, context, worst_first)


def rows_of(tx: Tx, context: Context, found: Sequence[Incident]) -> tuple[Row, ...]:
    """The lines of these incidents, in their order."""
    if not found:
        return ()
    ids = [each.id for each in found]
    known = Known(
        faces=faces_of(tx, context),
        services={service.id: service.name for service in catalog.services(tx).values()},
        holders=roles.holders_of_many(tx, ids),
        next_updates=telling.next_updates(tx, [each.id for each in found if each.active]),
    )
    return tuple(_row(each, known) for each in found)


def badge(severity: Severity) -> Badge:
    """A severity as it is drawn: by its rank, with the word of its practice."""
    return Badge(
        drawing=drawing(severity.rank),
        label=severity.level,
        provisional=severity.provisional,
        reevaluate=severity.reevaluate,
    )


def drawing(rank: int) -> int:
    return min(rank + 1, DRAWINGS)


def _row(incident: Incident, known: Known) -> Row:
    holders = known.holders.get(incident.id, [])
    mine = [held for held in holders if held.user == known.faces.reader]
    commander = next((held.user for held in holders if held.role is RoleKey.COMMAND), None)
    return Row(
        number=incident.number,
        title=incident.title,
        severity=badge(incident.severity),
        phase=incident.phase.value,
        kind=incident.kind.value,
        private=incident.private,
        declared_at=incident.instants.declared_at,
        services=tuple(known.services.get(n, n) for n in incident.services[:SERVICES_MAX]),
        commander=known.faces.maybe(commander),
        people=known.faces.all_of(list(dict.fromkeys(h.user for h in holders))[:FACES_MAX]),
        next_update_at=known.next_updates.get(incident.id),
        ended_at=incident.instants.resolved_at or incident.instants.closed_at,
        mine=_label(incident, mine[0].role) if mine else None,
        missing=_missing(incident, holders),
    )


def _missing(incident: Incident, holders: Sequence[Holding]) -> tuple[str, ...]:
    if not incident.active:
        return ()
    held = {each.role for each in holders}
    return tuple(_label(incident, key) for key in incident.level.roles_required if key not in held)


def _label(incident: Incident, key: RoleKey) -> str:
    return next((role.label for role in incident.pack.roles if role.key is key), key.value)
